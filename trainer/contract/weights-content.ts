import { readHeader } from './safetensors-header.js';

/**
 * What makes two files of weights equal: names, types, shapes and bytes of their tensors. The metadata in the header
 * (times, the epoch) are no part of it.
 *
 * @param file a whole `.safetensors` file
 * @returns parts to be hashed one after the other
 * @throws as `readHeader` does
 */
export function weightsContent(file: Uint8Array): Uint8Array[] {
  const { dataStart } = readHeader(file, file.byteLength);
  const { __metadata__: _, ...tensors } = JSON.parse(new TextDecoder().decode(file.subarray(8, dataStart)));
  return [new TextEncoder().encode(JSON.stringify(tensors)), file.subarray(dataStart)];
}
