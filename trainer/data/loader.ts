import { setImmediate } from 'node:timers/promises';
import { drawMix } from '../augmentation/pipeline.js';
import type { AugmentationSpec } from '../contract/run-spec.js';
import type { Batch } from './batch.js';
import type { Dataset } from './dataset.js';
import { batchMaker, type EpochSource } from './loading/batch-maker.js';
import { epochOrder } from './loading/epoch-order.js';
import { type MadeBatch, prefetch } from './loading/prefetch.js';

/** Which training batches are made, and how. */
export interface TrainBatchOptions {
  augmentation: AugmentationSpec;
  batchSize: number;
  seed: number;
  /** Any number that differs from epoch to epoch. */
  epoch: number;
  /** Leave out the last batch if it is smaller. */
  dropLast: boolean;
  /** Threads that make batches ahead of the step; 0: the calling thread makes them. The batches are the same. */
  workers: number;
}

/** The batches of one epoch, to be iterated once. Every batch gives the event loop a turn. */
export interface BatchStream extends AsyncIterable<Batch> {
  /** Number of batches. */
  readonly length: number;
  /** Time that the reader has waited for batches so far. */
  readonly dataWaitSeconds: number;
}

/**
 * The training batches of one epoch: shuffled, repeated, augmented, mixed; a pure function of the data, `augmentation`,
 * `batchSize`, `seed`, `epoch`. Throws a ParameterError where the augmentation doesn't fit the images, an Error where
 * `dropLast` leaves no batch; iterating throws an Error if a thread fails.
 */
export function trainBatches(dataset: Dataset, options: TrainBatchOptions): BatchStream {
  const { augmentation, batchSize, seed, epoch, workers } = options;
  const order = epochOrder(dataset.train, dataset.labels.length, options);
  const bounds = batchBounds(order.length, batchSize, options.dropLast);
  if (bounds.length === 0)
    throw new Error(`dropLast leaves no batch: ${order.length} training images, batchSize ${batchSize}`);
  const shape = { height: dataset.height, width: dataset.width, channels: dataset.channels };
  const { images, originals } = dataset;
  const source: EpochSource = { images, originals, shape, order, augmentation, seed, epoch };
  const make = batchMaker(source);
  const slotLength = batchSize * shape.height * shape.width * shape.channels;
  const made =
    workers === 0 ? makeHere(make, bounds, slotLength) : prefetch(source, bounds, slotLength, workers);
  return new Stream(bounds.length, made, ({ images, erased }, batch) => {
    const [first, end] = bounds[batch]!;
    const size = end - first;
    return {
      size,
      images: images.subarray(0, (slotLength / batchSize) * size),
      labels: Int32Array.from(
        order.subarray(first, end),
        entry => dataset.labels[entry % dataset.labels.length]!,
      ),
      erased,
      mix: drawMix(augmentation, shape, { size, seed, epoch, batch }),
    };
  });
}

/** The validation images in order, not augmented. */
export function validationBatches(dataset: Dataset, { batchSize }: { batchSize: number }): BatchStream {
  const { images, labels, validation } = dataset;
  const bounds = batchBounds(validation.length, batchSize, false);
  const length = dataset.height * dataset.width * dataset.channels;
  const gather = (first: number, end: number, output: Uint8Array) => {
    for (let i = first; i < end; i++) {
      const start = validation[i]! * length;
      output.set(images.subarray(start, start + length), (i - first) * length);
    }
    return [];
  };
  return new Stream(
    bounds.length,
    makeHere(gather, bounds, batchSize * length),
    ({ images, erased }, batch) => {
      const [first, end] = bounds[batch]!;
      return {
        size: end - first,
        images: images.subarray(0, (end - first) * length),
        labels: Int32Array.from(validation.subarray(first, end), place => labels[place]!),
        erased,
        mix: null,
      };
    },
  );
}

class Stream implements BatchStream {
  dataWaitSeconds = 0;

  constructor(
    readonly length: number,
    private readonly made: AsyncGenerator<MadeBatch>,
    private readonly finish: (made: MadeBatch, batch: number) => Batch,
  ) {}

  async *[Symbol.asyncIterator](): AsyncGenerator<Batch> {
    try {
      for (let batch = 0; ; batch++) {
        const start = performance.now();
        const next = await this.made.next();
        if (next.done) return;
        const finished = this.finish(next.value, batch);
        this.dataWaitSeconds += (performance.now() - start) / 1000;
        yield finished;
      }
    } finally {
      await this.made.return(undefined);
    }
  }
}

async function* makeHere(
  make: (first: number, end: number, output: Uint8Array) => MadeBatch['erased'],
  bounds: readonly (readonly [number, number])[],
  slotLength: number,
): AsyncGenerator<MadeBatch> {
  const images = new Uint8Array(slotLength);
  for (const [first, end] of bounds) {
    const erased = make(first, end, images);
    await setImmediate();
    yield { images, erased };
  }
}

function batchBounds(images: number, batchSize: number, dropLast: boolean): [number, number][] {
  const batches = dropLast ? Math.floor(images / batchSize) : Math.ceil(images / batchSize);
  return Array.from({ length: batches }, (_, batch) => [
    batch * batchSize,
    Math.min((batch + 1) * batchSize, images),
  ]);
}
