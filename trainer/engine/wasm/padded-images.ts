import type { Heap } from './heap.js';

/** Images with zeros around them, in scratch memory: then every patch row lies adjacent in memory. */
export interface PaddedImages {
  pointer: number;
  height: number;
  width: number;
}

export interface Images {
  pointer: number;
  count: number;
  height: number;
  width: number;
  channels: number;
}

export interface Padding {
  top: number;
  bottom: number;
  left: number;
  right: number;
}

export function padImages(heap: Heap, images: Images, padding: Padding): PaddedImages {
  const height = images.height + padding.top + padding.bottom;
  const width = images.width + padding.left + padding.right;
  const row = images.width * images.channels;
  const paddedRow = width * images.channels;
  // Reading in place is safe unless a vector passes the end: the heap goes on behind any tensor.
  if (height === images.height && width === images.width) return { pointer: images.pointer, height, width };
  const floats = images.count * height * paddedRow;
  const pointer = heap.scratch('padded', floats);
  heap.floats(pointer, floats).fill(0);
  const memory = heap.allFloats();
  for (let image = 0; image < images.count; image++)
    for (let y = 0; y < images.height; y++) {
      const from = images.pointer / 4 + (image * images.height + y) * row;
      const to =
        pointer / 4 + (image * height + y + padding.top) * paddedRow + padding.left * images.channels;
      memory.copyWithin(to, from, from + row);
    }
  return { pointer, height, width };
}
