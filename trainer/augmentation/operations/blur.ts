/**
 * torchvision's gaussian_blur: a Gaussian kernel over the image mirrored at its border. Its PIL backend goes by the tensors'
 * formulas, too.
 */
import type { ImageBuffer, ImageShape } from '../image-buffer.js';
import { mirror } from '../mirror.js';

/** Blurs with kernels of one odd size; the two passes keep their room from image to image. */
export class GaussianBlur {
  readonly #kernel: Float32Array;
  /** A row with its mirrored borders. */
  readonly #line: Float32Array;
  /** Where its values are in a row of the image. */
  readonly #columns: Int32Array;
  /** The image after the horizontal pass. */
  readonly #between: Float32Array;
  /** Where its rows begin, mirrored ones included. */
  readonly #rows: Int32Array;

  constructor(kernelSize: number, { height, width, channels }: ImageShape) {
    const border = (kernelSize - 1) / 2;
    this.#kernel = new Float32Array(kernelSize);
    this.#columns = Int32Array.from({ length: (width + 2 * border) * channels }, (_, i) => {
      const channel = i % channels;
      return mirror((i - channel) / channels - border, width) * channels + channel;
    });
    this.#line = new Float32Array(this.#columns.length);
    this.#between = new Float32Array(height * width * channels);
    this.#rows = Int32Array.from(
      { length: height + 2 * border },
      (_, i) => mirror(i - border, height) * width * channels,
    );
  }

  /** `sigma`: standard deviation in pixels. */
  apply(image: ImageBuffer, sigma: number): void {
    this.#fillKernel(sigma);
    const rowBytes = image.width * image.channels;
    for (let y = 0; y < image.height; y++) this.#blurRow(image, y * rowBytes, rowBytes);
    for (let y = 0; y < image.height; y++) this.#sumRows(image, y, rowBytes);
  }

  #blurRow({ pixels, channels }: ImageBuffer, start: number, rowBytes: number): void {
    const kernel = this.#kernel;
    const line = this.#line;
    const columns = this.#columns;
    const between = this.#between;
    for (let i = 0; i < line.length; i++) line[i] = pixels[start + columns[i]!]!;
    for (let i = 0; i < rowBytes; i++) {
      let sum = 0;
      for (let k = 0, at = i; k < kernel.length; k++, at += channels) sum += kernel[k]! * line[at]!;
      between[start + i] = sum;
    }
  }

  #sumRows({ pixels }: ImageBuffer, y: number, rowBytes: number): void {
    const kernel = this.#kernel;
    const rows = this.#rows;
    const between = this.#between;
    for (let i = 0; i < rowBytes; i++) {
      let sum = 0;
      for (let k = 0; k < kernel.length; k++) sum += kernel[k]! * between[rows[y + k]! + i]!;
      pixels[y * rowBytes + i] = Math.min((sum + 0.5) | 0, 255);
    }
  }

  #fillKernel(sigma: number): void {
    const kernel = this.#kernel;
    const middle = (kernel.length - 1) / 2;
    let sum = 0;
    for (let k = 0; k < kernel.length; k++) sum += Math.exp(-0.5 * ((k - middle) / sigma) ** 2);
    for (let k = 0; k < kernel.length; k++) kernel[k] = Math.exp(-0.5 * ((k - middle) / sigma) ** 2) / sum;
  }
}
