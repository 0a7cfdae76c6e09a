import type { Kernel } from './kernel.js';

/** x [N, …], segmentIds [N] → [numSegments, …]: sums of the rows of each segment; ids < 0 are dropped. */
const unsortedSegmentSum: Kernel = (heap, { x, segmentIds }, { numSegments }) => {
  const rows = x!.shape[0]!;
  const columns = x!.shape.slice(1).reduce((product, size) => product * size, 1);
  const segments = numSegments as number;
  const y = heap.output([segments, ...x!.shape.slice(1)]);
  heap.floats(heap.pointer(y), segments * columns).fill(0);
  heap.integers(heap.pointer(segmentIds!), rows).forEach((segment, row) => {
    if (segment < 0) return;
    if (segment >= segments)
      throw new Error(`unsortedSegmentSum: segment ${segment} of row ${row} is not below ${segments}`);
    const from = heap.pointer(x!) + row * columns * 4;
    heap.call.sumRows(1, columns, from, heap.pointer(y) + segment * columns * 4);
  });
  return y;
};

export const segmentKernels = { UnsortedSegmentSum: unsortedSegmentSum } satisfies Record<string, Kernel>;
