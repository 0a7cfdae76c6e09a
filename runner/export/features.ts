/** Features of images as files. */
import type { EmbedAnswer } from '../../trainer/contract/inference.js';
import { csvLine } from '../text/csv.js';
import { arrayFile } from './array-file.js';

/**
 * What is written of features.
 *
 * @param values [ids × dimensions]
 * @param file its name; its extension says of which kind it is
 */
export function featuresFile(answer: EmbedAnswer, values: Float32Array, file: string): string | Uint8Array {
  const { ids, labels, dimensions } = answer;
  const description = { ids: JSON.stringify(ids), labels: JSON.stringify(labels) };
  const matrix = { name: 'features', rows: ids.length, columns: dimensions, values, description };
  return arrayFile(file, matrix) ?? featuresText(answer, values);
}

/** CSV with a row an image: its id, its class where classes are known, its features `f0`, `f1`, … */
function featuresText(
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
