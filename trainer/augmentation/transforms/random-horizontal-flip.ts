import type { ImageBuffer } from '../image-buffer.js';
import type { TransformKind } from '../transform.js';

/** torchvision's RandomHorizontalFlip. */
export const randomHorizontalFlip: TransformKind = {
  stage: 'bytes',
  create({ probability }) {
    return {
      apply(image, draws) {
        if (draws.uniform() < (probability as number)) flipHorizontally(image);
      },
    };
  },
};

/** Mirrors the image, left to right. */
export function flipHorizontally(image: ImageBuffer): void {
  const { pixels, height, width, channels } = image;
  for (let y = 0; y < height; y++) {
    let left = y * width * channels;
    let right = left + (width - 1) * channels;
    for (; left < right; left += channels, right -= channels)
      for (let c = 0; c < channels; c++) {
        const pixel = pixels[left + c]!;
        pixels[left + c] = pixels[right + c]!;
        pixels[right + c] = pixel;
      }
  }
}
