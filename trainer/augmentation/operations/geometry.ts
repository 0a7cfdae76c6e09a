/** Shear, translation and rotation as torchvision's automatic augmentations apply them to PIL images. */
import type { ImageBuffer, ImageShape } from '../image-buffer.js';
import { type Matrix, transformBilinear, transformNearest } from './affine.js';
import type { Operation, OperationOptions } from './operation.js';

const transform = (matrix: Matrix, { interpolation, fill }: OperationOptions): Operation =>
  interpolation === 'nearest'
    ? image => transformNearest(image, matrix, fill)
    : image => transformBilinear(image, matrix, fill);

/** Torchvision turns a slope into whole degrees and back; what is left of it is this rounding. */
const slope = (magnitude: number): number => Math.tan(Math.atan(magnitude));

/** Shifts rows by `magnitude` pixels a row, about the top left corner. */
export const shearX = (magnitude: number, options: OperationOptions): Operation =>
  transform([1, slope(magnitude), 0, 0, 1, 0], options);

/** Shifts columns by `magnitude` pixels a column, about the top left corner. */
export const shearY = (magnitude: number, options: OperationOptions): Operation =>
  transform([1, 0, 0, slope(magnitude), 1, 0], options);

/** Moves the image to the right by `magnitude` pixels, truncated. */
export const translateX = (magnitude: number, { fill }: OperationOptions): Operation => {
  const pixels = Math.trunc(magnitude);
  return image => translate(image, pixels, 0, fill);
};

/** Moves the image down by `magnitude` pixels, truncated. */
export const translateY = (magnitude: number, { fill }: OperationOptions): Operation => {
  const pixels = Math.trunc(magnitude);
  return image => translate(image, 0, pixels, fill);
};

/** Turns the image about its centre by so many degrees counter-clockwise. */
export function rotate(degrees: number, options: OperationOptions): Operation {
  const { height, width } = options.shape;
  const angle = ((degrees % 360) + 360) % 360;
  if (angle === 0) return () => {};
  if (angle % 180 === 0 || (angle % 90 === 0 && height === width)) return image => turn(image, angle / 90);
  return transform(rotation(angle, options.shape), options);
}

/** Image.rotate's matrix: its entries are rounded to 15 decimals. */
function rotation(degrees: number, { height, width }: ImageShape): Matrix {
  const angle = (-degrees * Math.PI) / 180;
  const cosine = Number(Math.cos(angle).toFixed(15));
  const sine = Number(Math.sin(angle).toFixed(15));
  const x = width / 2;
  const y = height / 2;
  return [cosine, sine, x - (cosine * x + sine * y), -sine, cosine, y - (cosine * y - sine * x)];
}

function translate(image: ImageBuffer, right: number, down: number, fill: number): void {
  const { pixels, spare, height, width, channels } = image;
  const rowBytes = width * channels;
  const kept = Math.max(width - Math.abs(right), 0) * channels;
  const from = Math.max(-right, 0) * channels;
  const to = Math.max(right, 0) * channels;
  for (let y = 0; y < height; y++) {
    const row = y * rowBytes;
    const source = (y - down) * rowBytes;
    const inside = y - down >= 0 && y - down < height && kept > 0;
    if (!inside || kept < rowBytes) spare.fill(fill, row, row + rowBytes);
    if (inside) for (let i = 0; i < kept; i++) spare[row + to + i] = pixels[source + from + i]!;
  }
  image.swap();
}

/** Turns by quarters counter-clockwise; an odd number of them needs a square image. */
function turn(image: ImageBuffer, quarters: number): void {
  const { pixels, spare, height, width, channels } = image;
  let write = 0;
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++, write += channels) {
      const row = quarters === 1 ? x : quarters === 2 ? height - 1 - y : width - 1 - x;
      const column = quarters === 1 ? width - 1 - y : quarters === 2 ? width - 1 - x : y;
      const read = (row * width + column) * channels;
      for (let c = 0; c < channels; c++) spare[write + c] = pixels[read + c]!;
    }
  image.swap();
}
