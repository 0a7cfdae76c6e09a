/**
 * WebAssembly instructions as composable byte strings: an expression is the code that leaves its value on the
 * stack, a statement leaves nothing. Opcodes: the WebAssembly 2.0 specification, chapter 5.4.
 */
export type Code = readonly number[];

export type ValueType = 'i32' | 'f32' | 'v128';

/** A parameter or local variable of a function. */
export interface Local {
  readonly type: ValueType;
  readonly get: Code;
  set(value: Code): Code;
}

export function unsignedLeb(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  do {
    bytes.push((rest & 0x7f) | (rest > 0x7f ? 0x80 : 0));
    rest >>>= 7;
  } while (rest > 0);
  return bytes;
}

function signedLeb(value: number): number[] {
  const bytes: number[] = [];
  for (let rest = value; ; rest >>= 7) {
    const done = (rest >> 6 === 0 || rest >> 6 === -1) && rest >> 7 === rest >> 6;
    bytes.push((rest & 0x7f) | (done ? 0 : 0x80));
    if (done) return bytes;
  }
}

const binary =
  (...opcode: number[]) =>
  (a: Code, b: Code): Code => [...a, ...b, ...opcode];
export const simd = (opcode: number) => binary(0xfd, ...unsignedLeb(opcode));

/** Alignment is a hint only; 2 stands for four bytes, which most of our data keep. */
export const memory = (opcode: number[], offset: number) => [...opcode, 2, ...unsignedLeb(offset)];

export const i32 = {
  constant: (value: number): Code => [0x41, ...signedLeb(value)],
  add: binary(0x6a),
  sub: binary(0x6b),
  mul: binary(0x6c),
  /** Unsigned, rounded down. */
  divide: binary(0x6e),
  /** Unsigned: pointers may lie above 2 GiB. */
  lessThan: binary(0x49),
  load: (address: Code, offset = 0): Code => [...address, ...memory([0x28], offset)],
};

/** The same operations on one float and on four, so that a loop and its tail share their body. */
export interface Lanes {
  readonly type: ValueType;
  readonly bytes: number;
  load(address: Code, offset?: number): Code;
  store(address: Code, value: Code, offset?: number): Code;
  /** A scalar f32 in every lane. */
  splat(value: Code): Code;
  add(a: Code, b: Code): Code;
  sub(a: Code, b: Code): Code;
  mul(a: Code, b: Code): Code;
  div(a: Code, b: Code): Code;
  sqrt(a: Code): Code;
  /** a < b ? b : a, so that NaN in `a` stays. */
  larger(a: Code, b: Code): Code;
  /** The larger one; NaN if one of them is. */
  maximum(a: Code, b: Code): Code;
  /** The smaller one; NaN if one of them is. */
  minimum(a: Code, b: Code): Code;
  /** `value` where a > b, else 0. */
  whereGreater(a: Code, b: Code, value: Code): Code;
  /** `value` where a = b, else 0. */
  whereEqual(a: Code, b: Code, value: Code): Code;
}

const zero: Code = [0x43, 0, 0, 0, 0];
const select = (condition: Code, value: Code, other: Code): Code => [...value, ...other, ...condition, 0x1b];

export const f32: Lanes = {
  type: 'f32',
  bytes: 4,
  load: (address, offset = 0) => [...address, ...memory([0x2a], offset)],
  store: (address, value, offset = 0) => [...address, ...value, ...memory([0x38], offset)],
  splat: value => value,
  add: binary(0x92),
  sub: binary(0x93),
  mul: binary(0x94),
  div: binary(0x95),
  sqrt: a => [...a, 0x91],
  larger: (a, b) => select([...a, ...b, 0x5d], b, a),
  maximum: binary(0x97),
  minimum: binary(0x96),
  whereGreater: (a, b, value) => select([...a, ...b, 0x5e], value, zero),
  whereEqual: (a, b, value) => select([...a, ...b, 0x5b], value, zero),
};

const v128and = simd(0x4e);
interface VectorLanes extends Lanes {
  readonly zero: Code;
  /** One float of memory in every lane. */
  loadSplat(address: Code, offset?: number): Code;
  /** Four lanes by index: 0–3 from `a`, 4–7 from `b`. */
  shuffle(a: Code, b: Code, lanes: [number, number, number, number]): Code;
}

export const f32x4: VectorLanes = {
  type: 'v128',
  bytes: 16,
  zero: [...zero, 0xfd, 0x13],
  load: (address, offset = 0) => [...address, ...memory([0xfd, 0x00], offset)],
  loadSplat: (address, offset = 0) => [...address, ...memory([0xfd, 0x09], offset)],
  shuffle: (a, b, lanes) => [
    ...a,
    ...b,
    ...[0xfd, 0x0d],
    ...lanes.flatMap(lane => [4 * lane, 4 * lane + 1, 4 * lane + 2, 4 * lane + 3]),
  ],
  store: (address, value, offset = 0) => [...address, ...value, ...memory([0xfd, 0x0b], offset)],
  splat: value => [...value, 0xfd, 0x13],
  add: simd(0xe4),
  sub: simd(0xe5),
  mul: simd(0xe6),
  div: simd(0xe7),
  sqrt: a => [...a, 0xfd, ...unsignedLeb(0xe3)],
  larger: simd(0xeb),
  maximum: simd(0xe9),
  minimum: simd(0xe8),
  whereGreater: (a, b, value) => v128and([...a, ...b, 0xfd, 0x44], value),
  whereEqual: (a, b, value) => v128and([...a, ...b, 0xfd, 0x41], value),
};

/** `body` again and again while the condition holds. */
export const whileTrue = (condition: Code, ...body: Code[]): Code => [
  ...condition,
  ...[0x04, 0x40, 0x03, 0x40],
  ...body.flat(),
  ...condition,
  ...[0x0d, 0x00, 0x0b, 0x0b],
];

/** local += amount */
export const advance = (local: Local, amount: number | Code): Code =>
  local.set(i32.add(local.get, typeof amount === 'number' ? i32.constant(amount) : amount));
