import type { ImageBuffer } from '../image-buffer.js';
import { mirror } from '../mirror.js';
import type { TransformKind } from '../transform.js';

/** torchvision's RandomCrop with padding, back to the image's own size. */
export const randomCrop: TransformKind = {
  create(parameters) {
    const padding = parameters.padding as number;
    const fill = parameters.fill as number;
    const reflect = parameters.paddingMode === 'reflect';
    return {
      apply(image, draws) {
        if (padding === 0) return;
        const top = draws.integer(2 * padding + 1);
        const left = draws.integer(2 * padding + 1);
        cropPadded(image, top - padding, left - padding, reflect ? 'reflect' : fill);
      },
    };
  },
};

/**
 * Moves the window by (top, left) pixels, negative ones included. What lies outside is the grey level `border`,
 * or mirrored without repeating the edge.
 */
export function cropPadded(image: ImageBuffer, top: number, left: number, border: number | 'reflect'): void {
  const { pixels, spare, height, width, channels } = image;
  let write = 0;
  for (let y = 0; y < height; y++) {
    const sourceY = border === 'reflect' ? mirror(y + top, height) : y + top;
    for (let x = 0; x < width; x++) {
      const sourceX = border === 'reflect' ? mirror(x + left, width) : x + left;
      const inside = sourceY >= 0 && sourceY < height && sourceX >= 0 && sourceX < width;
      const read = (sourceY * width + sourceX) * channels;
      for (let c = 0; c < channels; c++) spare[write++] = inside ? pixels[read + c]! : (border as number);
    }
  }
  image.swap();
}
