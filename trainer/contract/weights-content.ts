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
  const { described, dataStart } = readHeader(file, file.byteLength);
  return [new TextEncoder().encode(JSON.stringify(described)), file.subarray(dataStart)];
}
