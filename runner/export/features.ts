/** Features of images as a table. */
import { csvLine } from '../text/csv.js';

/** CSV with a row an image: its id, its class where classes are known, its features `f0`, `f1`, … */
export function featuresText(
  {
    ids,
    labels,
    dimensions,
  }: { ids: readonly string[]; labels: readonly string[] | null; dimensions: number },
  values: Float32Array,
): string {
  const names = Array.from({ length: dimensions }, (_, i) => `f${i}`);
  const lines = ids.map((id, row) =>
    csvLine([
      id,
      ...(labels === null ? [] : [labels[row]!]),
      ...Array.from(values.subarray(row * dimensions, (row + 1) * dimensions), String),
    ]),
  );
  return csvLine(['id', ...(labels === null ? [] : ['label']), ...names]) + lines.join('');
}
