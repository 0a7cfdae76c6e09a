import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { mkdirSync, readFileSync, statSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Schema } from '../../../trainer/contract/schema.js';
import { checkedJson } from '../../../trainer/files/checked-json.js';
import { temporaryName, writeDurably } from '../../../trainer/files/durable-file.js';
import { takeLock } from '../../../trainer/files/lock-file.js';
import { GridfarmError } from '../../domain/error.js';

/** What is kept of a token: never the token. */
export interface Token {
  id: string;
  /** For people; names of agents that enrolled with one are made of theirs. */
  name: string;
  /** SHA-256 of the secret, hexadecimal. */
  hash: string;
  createdMs: number;
  /** Good for enrolling one agent, which is given one of its own. */
  once: boolean;
  /** The slots-file entry that agents with it belong to; null: agents by hand. */
  entry: string | null;
  revokedMs: number | null;
}

const schema: Schema = {
  type: 'array',
  items: {
    type: 'object',
    required: ['id', 'name', 'hash', 'createdMs', 'once', 'entry', 'revokedMs'],
    additionalProperties: false,
    properties: {
      id: { type: 'string' },
      name: { type: 'string' },
      hash: { type: 'string', pattern: '^[0-9a-f]{64}$' },
      createdMs: { type: 'number' },
      once: { type: 'boolean' },
      entry: { type: ['string', 'null'] },
      revokedMs: { type: ['number', 'null'] },
    },
  },
};

/** `gf_` + id + `_` + 256 random bits. */
const form = /^gf_([0-9a-f]{8})_[A-Za-z0-9_-]{43}$/;
const bytesOfSecret = 32;
/** So long a revoked token is listed. */
const revokedKeptMs = 30 * 86_400_000;
const lockMs = 10_000;

const hashOf = (secret: string) => createHash('sha256').update(secret).digest();

/** The tokens that agents may come with, in a file that `grid run` and `grid token` share. */
export class TokenFile {
  #tokens: readonly Token[] = [];
  #version = '';

  constructor(readonly path: string) {}

  /** All of them, those that were revoked too. @throws GridfarmError `store` if the file can't be understood */
  get all(): readonly Token[] {
    const found = statSync(this.path, { throwIfNoEntry: false });
    const version = found === undefined ? 'none' : `${found.ino} ${found.mtimeMs} ${found.size}`;
    if (version !== this.#version) {
      this.#tokens = found === undefined ? [] : this.#read();
      this.#version = version;
    }
    return this.#tokens;
  }

  /** The valid token with this secret. */
  check(secret: string): Token | undefined {
    const id = form.exec(secret)?.[1];
    const token = this.all.find(each => each.id === id);
    // Compared also where there is none: no answer comes sooner than another.
    const isRight = timingSafeEqual(hashOf(secret), Buffer.from(token?.hash ?? '0'.repeat(64), 'hex'));
    return isRight && token?.revokedMs === null ? token : undefined;
  }

  /** Makes one, and returns its secret: that is kept nowhere. */
  async add(name: string, { once = false, entry = null }: Partial<Pick<Token, 'once' | 'entry'>> = {}) {
    const id = randomBytes(4).toString('hex');
    const secret = `gf_${id}_${randomBytes(bytesOfSecret).toString('base64url')}`;
    const token = { id, name, hash: hashOf(secret).toString('hex'), createdMs: Date.now(), once, entry };
    const isKept = ({ revokedMs }: Token) => revokedMs === null || Date.now() - revokedMs < revokedKeptMs;
    await this.#change(tokens => [...tokens.filter(isKept), { ...token, revokedMs: null }]);
    return { id, secret };
  }

  /** Of those with that id or name. Returns how many weren't revoked before. */
  async revoke(idOrName: string): Promise<number> {
    let count = 0;
    await this.#change(tokens =>
      tokens.map(token => {
        if (token.revokedMs !== null || (token.id !== idOrName && token.name !== idOrName)) return token;
        count++;
        return { ...token, revokedMs: Date.now() };
      }),
    );
    return count;
  }

  async #change(change: (tokens: readonly Token[]) => readonly Token[]): Promise<void> {
    mkdirSync(dirname(this.path), { recursive: true });
    const lock = await takeLock(`${this.path}.lock`, { patienceMs: lockMs });
    try {
      const temporary = temporaryName(this.path);
      const content = `${JSON.stringify(change(this.all), undefined, 2)}\n`;
      await writeDurably(temporary, [Buffer.from(content)]);
      await rename(temporary, this.path);
    } finally {
      lock.release();
    }
  }

  #read(): Token[] {
    try {
      return checkedJson<Token[]>(readFileSync(this.path, 'utf8'), schema as object, this.path);
    } catch (cause) {
      throw new GridfarmError(
        'store',
        `${(cause as Error).message}; no agent is let in until it is mended, or removed (all tokens are void then)`,
        { cause },
      );
    }
  }
}
