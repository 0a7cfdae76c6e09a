import { crc32 } from 'node:zlib';
import { type IdxFile, readIdx } from './idx-file.js';
import type { ImageSource, StoredImage } from './image-source.js';

/** An IDX file of images [N, H, W] and its name. */
export interface IdxPart {
  path: string;
  name: string;
}

/** Grey images of one or more IDX files, numbered through. Names are `train-images-idx3-ubyte[17]`. */
export class IdxSource implements ImageSource {
  readonly names: readonly string[];
  readonly #parts: readonly IdxPart[];
  readonly #files: readonly IdxFile[];
  readonly #starts: number[] = [];

  constructor(parts: readonly IdxPart[]) {
    this.#parts = parts;
    this.#files = parts.map(({ path }) => readIdx(path, 3));
    const names: string[] = [];
    this.#files.forEach(({ dimensions }, part) => {
      this.#starts.push(names.length);
      for (let i = 0; i < dimensions[0]!; i++) names.push(`${parts[part]!.name}[${i}]`);
    });
    this.names = names;
  }

  content(image: number): string {
    const { height, width, pixels } = this.read(image);
    return `${crc32(pixels)}:${height}×${width}`;
  }

  read(image: number): StoredImage & { kind: 'pixels' } {
    const part = this.#starts.findLastIndex(start => start <= image);
    const { dimensions, data } = this.#files[part]!;
    const [, height, width] = dimensions as [number, number, number];
    const start = (image - this.#starts[part]!) * height * width;
    return {
      kind: 'pixels',
      height,
      width,
      channels: 1,
      pixels: data.subarray(start, start + height * width),
    };
  }

  size(image: number) {
    return this.read(image);
  }

  describe() {
    return { kind: 'idx' as const, parts: this.#parts };
  }

  close(): void {}
}
