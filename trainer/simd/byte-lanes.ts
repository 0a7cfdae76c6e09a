/** Bytes of memory widened to 32-bit integers in the lanes of vectors, and back. */
import { type Code, f32x4, memory, simd, unsignedLeb } from './code.js';

const unary =
  (opcode: number) =>
  (a: Code): Code => [...a, 0xfd, ...unsignedLeb(opcode)];

const lowBytes = unary(0x89);
const highBytes = unary(0x8a);
const lowHalves = unary(0xa9);
const highHalves = unary(0xaa);
const narrowWords = simd(0x86);
const narrowHalves = simd(0x66);

export const i32x4 = {
  splat: unary(0x11),
  /** One integer of memory in every lane. */
  loadSplat: f32x4.loadSplat,
  add: simd(0xae),
  mul: simd(0xb5),
  /** Unsigned. */
  shiftRight: (a: Code, bits: Code): Code => [...a, ...bits, 0xfd, ...unsignedLeb(0xad)],
};

/** Loads four bytes, one a lane. */
export const loadFourBytes = (address: Code): Code =>
  lowHalves(lowBytes([...address, ...memory([0xfd, 0x5c], 0)]));

/** Lanes of values below 256, the first of which come first. */
const narrow = ([first, second, third, fourth]: readonly Code[]): Code =>
  narrowHalves(narrowWords(first!, second!), narrowWords(third!, fourth!));

/** Stores four lanes of values below 256 as bytes. */
export const storeFourBytes = (address: Code, lanes: Code): Code => [
  ...address,
  ...narrow([lanes, lanes, lanes, lanes]),
  ...[0xfd, 0x1b, 0],
  ...memory([0x36], 0),
];

/** Stores the first of four lanes as a byte. */
export const storeByte = (address: Code, lanes: Code): Code => [
  ...address,
  ...lanes,
  ...[0xfd, 0x1b, 0],
  ...[0x3a, 0, 0],
];

/** The sixteen bytes of a vector, four a vector. */
export const widen = (bytes: Code): Code[] => [
  lowHalves(lowBytes(bytes)),
  highHalves(lowBytes(bytes)),
  lowHalves(highBytes(bytes)),
  highHalves(highBytes(bytes)),
];

/** Stores four vectors of values below 256 as sixteen bytes. */
export const storeSixteenBytes = (address: Code, lanes: readonly Code[]): Code =>
  f32x4.store(address, narrow(lanes));
