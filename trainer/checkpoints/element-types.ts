/** Values of the element types of safetensors files. */
import type { ElementType } from '../contract/safetensors-header.js';

/** An 8-bit float by its bits. */
type Float8 = (bits: number) => number;

const bytesBy = (read: Float8) => (bytes: ArrayBuffer) => Float32Array.from(new Uint8Array(bytes), read);

/** Types that weights can be of; all are widened exactly but F64, which is rounded. */
const floats: Partial<Record<ElementType, (bytes: ArrayBuffer) => Float32Array>> = {
  F32: bytes => new Float32Array(bytes),
  F64: bytes => Float32Array.from(new Float64Array(bytes)),
  F16: bytes => Float32Array.from(new Uint16Array(bytes), fromHalf),
  BF16: bytes => new Float32Array(Uint32Array.from(new Uint16Array(bytes), half => half << 16).buffer),
  // The upper byte of a binary16.
  F8_E5M2: bytesBy(bits => fromHalf(bits << 8)),
  F8_E4M3: bytesBy(bits => ((bits & 0x7f) === 0x7f ? Number.NaN : small(bits, 3, 7))),
  F8_E4M3FNUZ: bytesBy(bits => (bits === 0x80 ? Number.NaN : small(bits, 3, 8))),
  F8_E5M2FNUZ: bytesBy(bits => (bits === 0x80 ? Number.NaN : small(bits, 2, 16))),
};

/** Whether values of this type are read as weights: integers, packed and complex ones are not. */
export const isFloat = (type: ElementType): boolean => floats[type] !== undefined;

/** Values as float32. Throws on what `isFloat` says no to. */
export function toFloat32(type: ElementType, bytes: Uint8Array): Float32Array {
  const read = floats[type];
  if (read === undefined) throw new Error(`expected floating-point values, got ${type}`);
  return read(alignedCopy(bytes));
}

/** Throws on all other types. */
export function toInt64(type: ElementType, bytes: Uint8Array): BigInt64Array {
  if (type !== 'I64') throw new Error(`expected I64 values, got ${type}`);
  return new BigInt64Array(alignedCopy(bytes));
}

/** Not `slice`: that of a Buffer shares its memory. */
const alignedCopy = (bytes: Uint8Array): ArrayBuffer => new Uint8Array(bytes).buffer;

/** IEEE 754 binary16 → number. */
function fromHalf(half: number): number {
  if (((half >>> 10) & 0x1f) < 0x1f)
    return value(half & 0x8000 ? -1 : 1, (half >>> 10) & 0x1f, half & 0x3ff, 10, 15);
  if ((half & 0x3ff) !== 0) return Number.NaN;
  return half & 0x8000 ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}

/** A byte of sign, exponent and so many bits of fraction, all of whose exponents are of numbers (Micikevicius et al. 2022). */
const small = (bits: number, fractionBits: number, bias: number): number =>
  value(
    bits & 0x80 ? -1 : 1,
    (bits & 0x7f) >>> fractionBits,
    bits & (2 ** fractionBits - 1),
    fractionBits,
    bias,
  );

const value = (sign: number, exponent: number, fraction: number, fractionBits: number, bias: number) =>
  exponent === 0
    ? sign * fraction * 2 ** (1 - bias - fractionBits)
    : sign * (1 + fraction / 2 ** fractionBits) * 2 ** (exponent - bias);
