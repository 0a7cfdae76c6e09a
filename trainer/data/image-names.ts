import type { DataSpec } from '../contract/run-spec.js';
import { Problems } from './data-error.js';
import type { Dataset } from './dataset.js';
import { listExamples } from './examples.js';

/** Names of all images of an open data set, in its order. Throws a DataError where it changed since. */
export function imageNames(spec: DataSpec, { skipped }: Dataset, cacheDir: string): string[] {
  const problems = new Problems();
  const examples = listExamples(spec, problems, cacheDir);
  problems.throwIfAny();
  const { source, images } = examples!;
  source.close();
  const isSkipped = new Set(skipped);
  return Array.from(images, image => source.names[image]!).filter((_, place) => !isSkipped.has(place));
}
