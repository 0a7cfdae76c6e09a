import { Transformer } from '@napi-rs/image';
import type { ImageShape } from '../../augmentation/image-buffer.js';
import { type Region, Resizer } from '../../augmentation/resize.js';
import { isComplete } from '../sources/image-end.js';
import { sizeOfFile } from '../sources/image-header.js';
import { ImageError, type StoredImage } from '../sources/image-source.js';
import { centreOf, resizedSize } from './framing.js';

/** An image has not the size that it should have. */
export class SizeError extends ImageError {}

/** Decodes images to bytes [H, W, C] of one shape. */
export class ImageDecoder {
  readonly #shape: ImageShape;
  readonly #resize: boolean;
  readonly #shortSide: number | null;
  readonly #resizer: Resizer;
  /** The last image, its shorter side resized. */
  #whole: { stored: StoredImage; image: RawImage } | undefined;

  /**
   * `resize`: images of another size are resized; else they are an error. With `shortSide`, which is no shorter than the
   * shape, they become what torchvision's `Resize(shortSide)` and `CenterCrop` make of them; else they are squashed.
   */
  constructor(shape: ImageShape, resize: boolean, shortSide: number | null = null) {
    if (shortSide !== null && shortSide < Math.max(shape.height, shape.width))
      throw new Error(`shortSide ${shortSide} is less than the image size`);
    this.#shape = shape;
    this.#resize = resize;
    this.#shortSide = shortSide;
    this.#resizer = new Resizer(shape.height, shape.width, shape.channels);
  }

  /**
   * Writes the image to `output` at `offset`. As Pillow's `convert('RGB')` or `convert('L')`: transparency is dropped,
   * grey is repeated, an orientation in the file is not applied. 16 bits are cut to 8 (Pillow makes grey of 16 bits
   * white). Throws an ImageError for what can't be decoded.
   */
  decode(stored: StoredImage, output: Uint8Array, offset: number): void {
    const { height, width, channels } = this.#shape;
    if (this.#shortSide !== null) {
      copyCentre(this.#resized(stored, this.#shortSide), this.#shape, output, offset);
      return;
    }
    const image = rawOf(stored);
    if (image.height === height && image.width === width) {
      convert(image.pixels, image.channels, output, offset, channels, height * width);
      return;
    }
    if (!this.#resize)
      throw new SizeError(
        `${image.height}×${image.width} pixels, the first image has ${height}×${width}: give data.imageSize to resize all`,
      );
    this.#resizer.resizeTo(height, width);
    this.#resizer.bilinear(wholeOf(withChannels(image, channels)), output, offset);
  }

  /** Writes the whole image, its shorter side resized: [h, w, C] bytes of `resizedSize`. Throws an ImageError as `decode` does. */
  decodeWhole(stored: StoredImage, output: Uint8Array, offset: number): void {
    output.set(this.#resized(stored, this.#shortSide!).pixels, offset);
  }

  #resized(stored: StoredImage, shortSide: number): RawImage {
    if (this.#whole?.stored === stored) return this.#whole.image;
    const { channels } = this.#shape;
    const image = withChannels(rawOf(stored), channels);
    const size = resizedSize(image, shortSide);
    let whole = image;
    if (size.height !== image.height || size.width !== image.width) {
      whole = { ...size, channels, pixels: new Uint8Array(size.height * size.width * channels) };
      this.#resizer.resizeTo(size.height, size.width);
      this.#resizer.bilinear(wholeOf(image), whole.pixels);
    }
    this.#whole = { stored, image: whole };
    return whole;
  }
}

/** Bytes [height, width, channels]. */
interface RawImage extends ImageShape {
  pixels: Uint8Array;
}

const rawOf = (stored: StoredImage): RawImage =>
  stored.kind === 'pixels' ? stored : decodeFile(stored.bytes);

function withChannels(image: RawImage, channels: number): RawImage {
  if (image.channels === channels) return image;
  const { height, width } = image;
  const pixels = new Uint8Array(height * width * channels);
  convert(image.pixels, image.channels, pixels, 0, channels, height * width);
  return { height, width, channels, pixels };
}

const wholeOf = ({ pixels, height, width }: RawImage): Region => ({
  pixels,
  rowLength: width,
  top: 0,
  left: 0,
  height,
  width,
});

function copyCentre(image: RawImage, shape: ImageShape, output: Uint8Array, offset: number): void {
  const { top, left } = centreOf(image, shape);
  const rowLength = shape.width * shape.channels;
  for (let y = 0; y < shape.height; y++) {
    const start = ((top + y) * image.width + left) * shape.channels;
    output.set(image.pixels.subarray(start, start + rowLength), offset + y * rowLength);
  }
}

function decodeFile(bytes: Uint8Array): RawImage {
  const { height, width } = sizeOfFile(bytes);
  if (!isComplete(bytes)) throw new ImageError('the file is cut off');
  let pixels: Uint8Array;
  try {
    pixels = new Transformer(bytes).rawPixelsSync();
  } catch (cause) {
    throw new ImageError(`damaged (${(cause as Error).message.trim()})`, { cause });
  }
  const bytesPerPixel = pixels.length / (height * width);
  const { colorType } =
    bytesPerPixel > 4 || bytesPerPixel === 2 ? new Transformer(bytes).metadataSync() : { colorType: 0 };
  if (isWide(colorType)) pixels = pixels.filter((_, i) => i % 2 === 1);
  const channels = pixels.length / (height * width);
  // Of an animation, a first frame that is smaller than the whole.
  if (![1, 2, 3, 4].includes(channels))
    throw new ImageError(
      `damaged, or of a kind that isn’t read: ${pixels.length} bytes for ${height}×${width} pixels`,
    );
  return { height, width, channels, pixels };
}

/** `JsColorType` of 16-bit images: L16, La16, Rgb16, Rgba16 (their bytes are little-endian). */
const isWide = (colorType: number) => colorType >= 4 && colorType <= 7;

function convert(
  input: Uint8Array,
  inputChannels: number,
  output: Uint8Array,
  offset: number,
  channels: number,
  pixels: number,
): void {
  if (inputChannels === channels) {
    output.set(input, offset);
    return;
  }
  const isColour = inputChannels >= 3;
  for (let p = 0, read = 0, write = offset; p < pixels; p++, read += inputChannels) {
    if (isColour && channels === 1) {
      // Pillow's L of ITU-R 601.
      output[write++] =
        (input[read]! * 19595 + input[read + 1]! * 38470 + input[read + 2]! * 7471 + 0x8000) >> 16;
    } else for (let c = 0; c < channels; c++) output[write++] = input[read + (isColour ? c : 0)]!;
  }
}
