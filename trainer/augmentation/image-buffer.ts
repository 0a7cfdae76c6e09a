import type { Region } from './resize.js';

/** A box that is filled once the image is normalized. */
export interface ErasedBox {
  top: number;
  left: number;
  height: number;
  width: number;
  /** Of one value, of one a channel, or of [height, width, channels] values. */
  fill: Float32Array;
}

/** Height, width and channels of an image. */
export interface ImageShape {
  height: number;
  width: number;
  channels: number;
}

/**
 * The image that the transforms work on: bytes [H, W, C] of a fixed shape and as much spare room. Made once and
 * used for image after image.
 */
export class ImageBuffer implements ImageShape {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  /** [H, W, C]. */
  pixels: Uint8Array;
  /** Same length as `pixels`, with any content. A transform may write its output there and call `swap`. */
  spare: Uint8Array;
  /** Boxes to be erased after normalization. */
  readonly erased: ErasedBox[] = [];
  /** The whole image, larger than `pixels`, that a first crop is to be taken from. `pixels` have no content then. */
  original: Region | null = null;

  constructor(shape: ImageShape) {
    this.height = shape.height;
    this.width = shape.width;
    this.channels = shape.channels;
    const length = shape.height * shape.width * shape.channels;
    this.pixels = new Uint8Array(length);
    this.spare = new Uint8Array(length);
  }

  /** Takes another image, [H, W, C] bytes from `offset` of `source`. */
  load(source: Uint8Array, offset: number): void {
    this.pixels.set(source.subarray(offset, offset + this.pixels.length));
    this.erased.length = 0;
    this.original = null;
  }

  /** Takes a larger image of which the first transform, a `randomResizedCrop`, will make one of this shape. */
  loadOriginal(original: Region): void {
    this.erased.length = 0;
    this.original = original;
  }

  /** What was written to `spare` becomes the image. */
  swap(): void {
    const { pixels } = this;
    this.pixels = this.spare;
    this.spare = pixels;
  }
}
