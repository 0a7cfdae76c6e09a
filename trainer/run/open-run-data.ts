/** The data of a RunSpec as the loop needs them. */
import { openDataset } from '../data/dataset.js';
import { trainBatches, validationBatches } from '../data/loader.js';
import { splitHash } from '../data/split-hash.js';
import type { OpenData } from '../training/run-data.js';

/**
 * `workers`: threads that make training batches ahead of the step. `openDataset` keeps what it decoded last, so the next
 * cell on the same data waits for nothing.
 */
export const openRunData =
  ({ workers }: { workers: number }): OpenData =>
  async (spec, cacheDir, waiting) => {
    const dataset = await openDataset(spec, {
      cacheDir,
      log: message => console.error(message),
      ...waiting,
    });
    const { height, width, channels } = dataset;
    return {
      fingerprint: dataset.fingerprint,
      split: splitHash(spec, dataset),
      image: { height, width, channels },
      classes: dataset.classes.length,
      classNames: dataset.classes,
      trainImages: dataset.train.length,
      validationImages: dataset.validation.length,
      warnings: dataset.warnings,
      hasDrawnTies: dataset.hasDrawnTies,
      trainBatches: order => trainBatches(dataset, { ...order, workers }),
      validationBatches: batchSize => validationBatches(dataset, { batchSize }),
    };
  };
