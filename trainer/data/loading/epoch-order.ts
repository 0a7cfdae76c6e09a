import { copyNumbers } from '../../contract/params.js';
import type { AugmentationSpec } from '../../contract/run-spec.js';
import { Draws, purposeKey, shuffle } from '../../random/random.js';

const shufflePurpose = purposeKey('shuffle');

/** What an epoch is put in order by. */
interface OrderOptions {
  augmentation: AugmentationSpec;
  batchSize: number;
  seed: number;
  epoch: number;
}

/**
 * The training images of an epoch in the order of its batches, in shared memory. An entry is `copy * images + place`: the
 * image at `place` among all `images` of the data set, and which copy of it (0: the image itself).
 *
 * With `repeats`, the n images of a batch are ⌈n / repeats⌉ different ones, one round of them after the other, so that an
 * image's neighbours, which it is mixed with, are other images.
 */
export function epochOrder(
  train: Int32Array,
  images: number,
  { augmentation, batchSize, seed, epoch }: OrderOptions,
): Int32Array {
  const copies = copyNumbers(augmentation);
  const order = new Int32Array(
    new SharedArrayBuffer(train.length * copies.length * Int32Array.BYTES_PER_ELEMENT),
  );
  copies.forEach((copy, part) => {
    for (let i = 0; i < train.length; i++) order[part * train.length + i] = copy * images + train[i]!;
  });
  shuffle(order, new Draws().at(seed, shufflePurpose, epoch, 0));
  if (augmentation.repeats > 1) repeatWithinBatches(order, batchSize, augmentation.repeats);
  return order;
}

/** How many different images a batch of `size` has. */
export const distinctImages = (size: number, repeats: number): number => Math.ceil(size / repeats);

function repeatWithinBatches(order: Int32Array, batchSize: number, repeats: number): void {
  const shuffled = order.slice();
  let next = 0;
  for (let first = 0; first < order.length; first += batchSize) {
    const size = Math.min(batchSize, order.length - first);
    const distinct = distinctImages(size, repeats);
    for (let i = 0; i < size; i++) order[first + i] = shuffled[next + (i % distinct)]!;
    next += distinct;
  }
}
