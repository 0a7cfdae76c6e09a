import { expect, test } from 'vitest';
import type { DataSpec } from '../../contract/run-spec.js';
import { splitExamples } from '../../data/split.js';
import { splitHash } from '../../data/split-hash.js';
import { runSpec } from '../training/run-spec.js';

const labels = Int32Array.from({ length: 60 }, (_, i) => i % 3);

/** Of 60 images, the first `train` of which are of the training part. */
function hash(validation: object, more: Partial<DataSpec> = {}, train = 40, own = labels): string {
  const { data } = runSpec();
  const spec = { ...data, ...more, validation: { ...data.validation, ...validation } };
  return splitHash(spec, { ...splitExamples(spec, own, 3, train), labels: own });
}

test('is the same for the same images, whatever they are resized to', () => {
  const split = { source: 'split', fraction: 0.2, seed: 1 } as const;
  expect(hash(split)).toBe(hash(split, { imageSize: 32 }));
  for (const other of [{ seed: 2 }, { fraction: 0.3 }, { source: 'files' }, { stratified: false }])
    expect(hash({ ...split, ...other }), JSON.stringify(other)).not.toBe(hash(split));
  // Places count among what the limits leave: those of other limits are other images.
  for (const limit of [
    { classes: 3, imagesPerClass: null },
    { classes: null, imagesPerClass: 20 },
  ])
    expect(hash(split, { limit })).not.toBe(hash(split, { limit: { classes: null, imagesPerClass: null } }));
  const others = labels.map(label => 2 - label);
  expect(hash(split, {}, 40, others)).not.toBe(hash(split));
});

test('of a part of its own doesn’t depend on how many images there are to train on', () => {
  const files = { source: 'files' } as const;
  const few = { limit: { classes: null, imagesPerClass: 10 } };
  const fewer = Int32Array.from([...labels.subarray(0, 30), ...labels.subarray(40)]);
  expect(hash(files, few, 30, fewer)).toBe(hash(files));
  expect(hash(files, {}, 43)).not.toBe(hash(files));
});
