/** The element types of safetensors files that the trainer reads: their sizes and conversion to numbers. */

export const elementBytes = { F32: 4, F16: 2, BF16: 2, I64: 8 } as const;
export type ElementType = keyof typeof elementBytes;

/** Values as float32; F16 and BF16 are widened exactly. Throws on integers. */
export function toFloat32(type: ElementType, bytes: Uint8Array): Float32Array {
  if (type === 'I64') throw new Error('expected floating-point values, got I64');
  const copy = alignedCopy(bytes);
  if (type === 'F32') return new Float32Array(copy);
  const halves = new Uint16Array(copy);
  if (type === 'F16') return Float32Array.from(halves, fromHalf);
  return new Float32Array(Uint32Array.from(halves, half => half << 16).buffer);
}

/** Throws on floating-point values. */
export function toInt64(type: ElementType, bytes: Uint8Array): BigInt64Array {
  if (type !== 'I64') throw new Error(`expected I64 values, got ${type}`);
  return new BigInt64Array(alignedCopy(bytes));
}

/** Not `slice`: that of a Buffer shares its memory. */
const alignedCopy = (bytes: Uint8Array): ArrayBuffer => new Uint8Array(bytes).buffer;

/** IEEE 754 binary16 → number. */
function fromHalf(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >>> 10) & 0x1f;
  const fraction = half & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
