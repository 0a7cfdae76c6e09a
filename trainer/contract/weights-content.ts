/**
 * What makes two files of weights equal: names, types, shapes and bytes of their tensors. The metadata in the header
 * (times, the epoch) are no part of it.
 *
 * @param file a whole `.safetensors` file: 8 bytes little-endian header length, a JSON header, the tensors
 * @returns parts to be hashed one after the other; undefined where it is no such file
 */
export function weightsContent(file: Uint8Array): Uint8Array[] | undefined {
  if (file.byteLength < 8) return undefined;
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const length = Number(view.getBigUint64(0, true));
  if (length > file.byteLength - 8) return undefined;
  try {
    const header = JSON.parse(new TextDecoder().decode(file.subarray(8, 8 + length)));
    if (typeof header !== 'object' || header === null) return undefined;
    const { __metadata__: _, ...tensors } = header;
    return [new TextEncoder().encode(JSON.stringify(tensors)), file.subarray(8 + length)];
  } catch {
    return undefined;
  }
}
