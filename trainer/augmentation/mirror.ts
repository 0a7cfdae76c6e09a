/** The place inside of 0..length - 1 that a place less than `length` beyond is mirrored to, without repeating the edge. */
export function mirror(position: number, length: number): number {
  if (position < 0) return -position;
  return position < length ? position : 2 * (length - 1) - position;
}
