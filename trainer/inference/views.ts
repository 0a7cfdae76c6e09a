/** Test-time augmentation: views of the same images whose probabilities are averaged (Krizhevsky et al. 2012, section 4.1). */
import type { ImageShape } from '../augmentation/image-buffer.js';
import { Resizer } from '../augmentation/resize.js';
import type { TestTimeAugmentation } from '../contract/inference.js';
import { RequestError } from './request-error.js';

/** images [N, H, W, C] bytes → as many of the same shape; the input is left as it is. */
export type View = (images: Uint8Array) => Uint8Array;

/** Side of a crop, as a share of the image's. */
const cropShare = 7 / 8;

/** Places of a crop, as shares of the free room above and left of it: centre, corners, middles of the sides. */
const places: readonly (readonly [top: number, left: number])[] = [
  [0.5, 0.5],
  [0, 0],
  [0, 1],
  [1, 0],
  [1, 1],
  [0, 0.5],
  [1, 0.5],
  [0.5, 0],
  [0.5, 1],
];

const diagonals = [
  [-1, -1],
  [-1, 1],
  [1, -1],
  [1, 1],
] as const;

/**
 * The whole image, then its shifts and its crops; with `flip` each of them twice. Throws a RequestError where a shift would
 * leave nothing of the image.
 */
export function viewsOf({ flip, shift, crops }: TestTimeAugmentation, shape: ImageShape): View[] {
  const { height, width } = shape;
  if (shift >= Math.min(height, width))
    throw new RequestError(`a shift by ${shift} pixels leaves nothing of images of ${height}×${width}`);
  const whole: View = images => images;
  const shifts =
    shift === 0 ? [] : diagonals.map(([down, right]) => shifted(shape, down * shift, right * shift));
  const views = [whole, ...shifts, ...places.slice(0, crops).map(([top, left]) => cropped(shape, top, left))];
  return flip ? views.flatMap(view => [view, (images: Uint8Array) => mirrored(view(images), shape)]) : views;
}

/** Moved down and right, reflected at the border (as PyTorch's `reflect` padding does: the border pixel itself once). */
function shifted({ height, width, channels }: ImageShape, down: number, right: number): View {
  const sources = Int32Array.from({ length: height * width }, (_, pixel) => {
    const y = reflected(Math.floor(pixel / width) - down, height);
    const x = reflected((pixel % width) - right, width);
    return y * width + x;
  });
  return images => {
    const output = new Uint8Array(images.length);
    for (let start = 0; start < images.length; start += sources.length * channels)
      sources.forEach((source, pixel) => {
        for (let c = 0; c < channels; c++)
          output[start + pixel * channels + c] = images[start + source * channels + c]!;
      });
    return output;
  };
}

/** For places less than `length` outside of it. */
function reflected(place: number, length: number): number {
  if (place < 0) return -place;
  return place < length ? place : 2 * (length - 1) - place;
}

function cropped({ height, width, channels }: ImageShape, top: number, left: number): View {
  const side = (length: number) => Math.max(1, Math.round(length * cropShare));
  const region = {
    rowLength: width,
    height: side(height),
    width: side(width),
    top: Math.round((height - side(height)) * top),
    left: Math.round((width - side(width)) * left),
  };
  const resizer = new Resizer(height, width, channels);
  const length = height * width * channels;
  return images => {
    const output = new Uint8Array(images.length);
    for (let at = 0; at < images.length; at += length)
      resizer.bilinear({ ...region, pixels: images.subarray(at, at + length) }, output, at);
    return output;
  };
}

function mirrored(images: Uint8Array, { width, channels }: ImageShape): Uint8Array {
  const output = new Uint8Array(images.length);
  const row = width * channels;
  for (let start = 0; start < images.length; start += row)
    for (let x = 0; x < width; x++)
      for (let c = 0; c < channels; c++)
        output[start + (width - 1 - x) * channels + c] = images[start + x * channels + c]!;
  return output;
}
