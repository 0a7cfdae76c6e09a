import type { ImageBuffer } from '../image-buffer.js';
import type { TransformKind } from '../transform.js';

const randomly = (flip: (image: ImageBuffer) => void): TransformKind => ({
  create({ probability }) {
    return {
      apply(image, draws) {
        if (draws.uniform() < (probability as number)) flip(image);
      },
    };
  },
});

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

/** Mirrors the image, top to bottom. */
export function flipVertically(image: ImageBuffer): void {
  const { pixels, spare, height, width, channels } = image;
  const row = width * channels;
  for (let y = 0; y < height; y++) {
    const read = (height - 1 - y) * row;
    for (let i = 0; i < row; i++) spare[y * row + i] = pixels[read + i]!;
  }
  image.swap();
}

/** torchvision's RandomHorizontalFlip. */
export const randomHorizontalFlip = randomly(flipHorizontally);

/** torchvision's RandomVerticalFlip. */
export const randomVerticalFlip = randomly(flipVertically);
