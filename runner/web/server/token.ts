import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { GridfarmError } from '../../domain/error.js';

const bytes = 32;
const form = /^gw_[A-Za-z0-9_-]{43}$/;
const hashOf = (text: string) => createHash('sha256').update(text).digest();

/** What lets a browser steer, and see anything at all from another machine: the same from one server to the next. */
export class WebToken {
  readonly #hash: Buffer;
  readonly #cookieHash: Buffer;

  private constructor(readonly secret: string) {
    this.#hash = hashOf(secret);
    this.#cookieHash = hashOf(this.cookie);
  }

  /** That of the file, which only its owner can read; made where there is none. @throws GridfarmError */
  static open(file: string): WebToken {
    const made = `gw_${randomBytes(bytes).toString('base64url')}`;
    try {
      if (!existsSync(file)) {
        mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
        writeFileSync(file, `${made}\n`, { flag: 'wx', mode: 0o600 });
      }
      if (process.platform !== 'win32') chmodSync(file, 0o600);
    } catch {
      // In results that can't be written it is good for this server alone; another that was quicker has made one.
      if (!existsSync(file)) return new WebToken(made);
    }
    const secret = readFileSync(file, 'utf8').trim();
    if (!form.test(secret))
      throw new GridfarmError(
        'store',
        `${file}: expected the token of the page; remove it, and another is made`,
      );
    return new WebToken(secret);
  }

  /** What a browser keeps: the token can't be found from it. */
  get cookie(): string {
    return createHash('sha256').update(`cookie of ${this.secret}`).digest('base64url');
  }

  isToken(text: string): boolean {
    return timingSafeEqual(hashOf(text), this.#hash);
  }

  isCookie(text: string): boolean {
    return timingSafeEqual(hashOf(text), this.#cookieHash);
  }
}
