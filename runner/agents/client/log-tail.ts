import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { mostBytesOfLog } from '../limits.js';

/** Of a cell's log, what is added to it from now on. */
export class LogTail {
  #from: number;

  constructor(private readonly path: string) {
    this.#from = sizeOf(path);
  }

  get hasMore(): boolean {
    return sizeOf(this.path) > this.#from;
  }

  /** As much as one message takes. */
  next(): string {
    if (!this.hasMore) return '';
    const file = openSync(this.path, 'r');
    try {
      const piece = Buffer.alloc(mostBytesOfLog / 4);
      const length = readSync(file, piece, 0, piece.length, this.#from);
      this.#from += length;
      return piece.toString('utf8', 0, length);
    } finally {
      closeSync(file);
    }
  }
}

/** 0 where it isn't there. */
const sizeOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0;
