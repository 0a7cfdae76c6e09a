/** Which validation images a cell's best weights get right, of a cell that has kept it. */
import { existsSync, readFileSync } from 'node:fs';
import { predictions } from '../../trainer/contract/answer-schemas.js';
import { decodeClasses, type Predictions } from '../../trainer/contract/predictions.js';
import { checkedJson } from '../../trainer/files/checked-json.js';
import type { CellPaths } from './run-paths.js';

export interface KeptPredictions {
  /** Of the weights. */
  epoch: number;
  /** Where two cells' are equal, their images are, place by place. */
  images: string;
  /** Of each image. */
  isRight: readonly boolean[];
}

/**
 * Null before the cell's run has ended, of runs from before they were kept, and of external trainers.
 *
 * @throws Error naming the file and what is wrong with it
 */
export function readPredictions({ predictions: path }: CellPaths): KeptPredictions | null {
  if (!existsSync(path)) return null;
  const kept = checkedJson<Predictions>(readFileSync(path, 'utf8'), predictions, path);
  const labels = decodeClasses(kept.labels);
  const predicted = decodeClasses(kept.predicted);
  for (const [key, { length }] of Object.entries({ labels, predicted }))
    if (length !== kept.images)
      throw new Error(`${path}: ${key}: expected a class of each of ${kept.images} images, got ${length}`);
  return {
    epoch: kept.epoch,
    images: JSON.stringify([kept.data, kept.split, kept.images]),
    isRight: labels.map((label, place) => label === predicted[place]),
  };
}
