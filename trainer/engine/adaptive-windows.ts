/** [start, end) of PyTorch's adaptive pooling windows along an axis; they may overlap. */
export function adaptiveWindows(length: number, count: number): [start: number, end: number][] {
  return Array.from({ length: count }, (_, i) => [
    Math.floor((i * length) / count),
    Math.ceil(((i + 1) * length) / count),
  ]);
}
