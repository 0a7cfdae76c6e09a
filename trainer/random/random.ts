/**
 * Counter-based random numbers: a draw is a pure function of (seed, purpose, epoch, index, number of the draw),
 * so there is no generator state to save and no order to depend on.
 *
 * The function is Threefry-4x32 with 20 rounds of Salmon, Moraes, Dror & Shaw, "Parallel random numbers: as easy
 * as 1, 2, 3" (SC 2011); it gives the known answers of their Random123 library.
 */

const parity = 0x1bd11bda;
/** Rotations of the pairs (first, second), by round modulo 8 (Random123, R_32x4). */
const rotations = [10, 26, 11, 21, 13, 27, 23, 5, 6, 20, 17, 11, 25, 10, 18, 20] as const;

/** Encrypts the `counter` (4 words) with the `key` (4 words) into `output` (4 words). */
export function threefry4x32(key: Uint32Array, counter: Uint32Array, output: Uint32Array): void {
  const k0 = key[0]! | 0;
  const k1 = key[1]! | 0;
  const k2 = key[2]! | 0;
  const k3 = key[3]! | 0;
  schedule[0] = k0;
  schedule[1] = k1;
  schedule[2] = k2;
  schedule[3] = k3;
  schedule[4] = parity ^ k0 ^ k1 ^ k2 ^ k3;
  let x0 = (counter[0]! + k0) | 0;
  let x1 = (counter[1]! + k1) | 0;
  let x2 = (counter[2]! + k2) | 0;
  let x3 = (counter[3]! + k3) | 0;
  for (let round = 0; round < 20; round++) {
    const first = rotations[(round & 7) * 2]!;
    const second = rotations[(round & 7) * 2 + 1]!;
    if ((round & 1) === 0) {
      x0 = (x0 + x1) | 0;
      x1 = ((x1 << first) | (x1 >>> (32 - first))) ^ x0;
      x2 = (x2 + x3) | 0;
      x3 = ((x3 << second) | (x3 >>> (32 - second))) ^ x2;
    } else {
      x0 = (x0 + x3) | 0;
      x3 = ((x3 << first) | (x3 >>> (32 - first))) ^ x0;
      x2 = (x2 + x1) | 0;
      x1 = ((x1 << second) | (x1 >>> (32 - second))) ^ x2;
    }
    if ((round & 3) === 3) {
      const injection = (round + 1) >> 2;
      x0 = (x0 + schedule[injection % 5]!) | 0;
      x1 = (x1 + schedule[(injection + 1) % 5]!) | 0;
      x2 = (x2 + schedule[(injection + 2) % 5]!) | 0;
      x3 = (x3 + schedule[(injection + 3) % 5]! + injection) | 0;
    }
  }
  output[0] = x0;
  output[1] = x1;
  output[2] = x2;
  output[3] = x3;
}
const schedule = new Int32Array(5);

/** 32-bit FNV-1a of a purpose's name: `shuffle`, `augmentation`, … keep their draws apart. */
export function purposeKey(name: string): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(name)) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}

/**
 * A reader of the draws that belong to one (seed, purpose, epoch, index). It can be moved to another place again
 * and again, so that nothing is allocated for an image.
 */
export class Draws {
  readonly #key = new Uint32Array(4);
  readonly #counter = new Uint32Array(4);
  readonly #block = new Uint32Array(4);
  #used = 2;

  /**
   * Moves to the first draw of a place. `seed` is an integer below 2^53; the others are below 2^32. `repetition` tells
   * draws for the same index apart.
   */
  at(seed: number, purpose: number, epoch: number, index: number, repetition = 0): this {
    this.#key[0] = seed;
    this.#key[1] = Math.floor(seed / 2 ** 32);
    this.#key[2] = purpose;
    this.#key[3] = epoch;
    this.#counter[0] = index;
    this.#counter[1] = 0;
    this.#counter[2] = repetition;
    this.#used = 2;
    return this;
  }

  /** The next draw, uniform in [0, 1) with 53 bits. */
  uniform(): number {
    if (this.#used === 2) {
      threefry4x32(this.#key, this.#counter, this.#block);
      this.#counter[1]!++;
      this.#used = 0;
    }
    const offset = 2 * this.#used++;
    return ((this.#block[offset]! >>> 6) * 2 ** 27 + (this.#block[offset + 1]! >>> 5)) / 2 ** 53;
  }

  /** Uniform in [low, high). */
  between(low: number, high: number): number {
    return low + (high - low) * this.uniform();
  }

  /** Uniform among 0, 1, … bound - 1. */
  integer(bound: number): number {
    return Math.floor(this.uniform() * bound);
  }

  /** Standard normal (Box & Muller 1958). */
  normal(): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.uniform()));
    return radius * Math.cos(2 * Math.PI * this.uniform());
  }

  /** Fills `output` with standard normal values, taking both of each pair. */
  fillNormal(output: Float32Array): Float32Array {
    for (let i = 0; i < output.length; i += 2) {
      const radius = Math.sqrt(-2 * Math.log(1 - this.uniform()));
      const angle = 2 * Math.PI * this.uniform();
      output[i] = radius * Math.cos(angle);
      if (i + 1 < output.length) output[i + 1] = radius * Math.sin(angle);
    }
    return output;
  }
}

/** Shuffles in place (Fisher & Yates). */
export function shuffle(values: Int32Array, draws: Draws): void {
  for (let i = values.length - 1; i > 0; i--) {
    const other = draws.integer(i + 1);
    const value = values[i]!;
    values[i] = values[other]!;
    values[other] = value;
  }
}
