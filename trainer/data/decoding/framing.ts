import { roundHalfToEven } from '../../augmentation/rounding.js';
import { ImageError, type ImageSize } from '../sources/image-source.js';

/** An image longer than so many times its width (or the reverse) would take too much memory. */
const longest = 64;

/** What torchvision's `Resize(shortSide)` makes of an image of this size. Throws an ImageError for one that is too long. */
export function resizedSize({ height, width }: ImageSize, shortSide: number): ImageSize {
  const isTall = height > width;
  const [short, long] = isTall ? [width, height] : [height, width];
  if (long > short * longest)
    throw new ImageError(`${height}×${width} pixels: longer than ${longest} times the other side`);
  const newLong = Math.trunc((shortSide * long) / short);
  return isTall ? { height: newLong, width: shortSide } : { height: shortSide, width: newLong };
}

/** Where torchvision's `CenterCrop` of this size begins. */
export function centreOf({ height, width }: ImageSize, crop: ImageSize): { top: number; left: number } {
  return {
    top: roundHalfToEven((height - crop.height) / 2),
    left: roundHalfToEven((width - crop.width) / 2),
  };
}
