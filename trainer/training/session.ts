/** Everything of a run that lives on the device. */
import { normalizationOf } from '../augmentation/normalization.js';
import type { Engine } from '../backend/engine.js';
import type { Checkpoint } from '../checkpoints/checkpoint-store.js';
import { fromOptimizerFile, toOptimizerFile } from '../checkpoints/optimizer-file.js';
import { fromStateDict, toStateDict, weightsHash } from '../checkpoints/state-dict.js';
import type { EpochRecord } from '../contract/events.js';
import type { RunSpec } from '../contract/run-spec.js';
import { initialState } from '../models/initialize.js';
import type { Model } from '../models/model.js';
import type { Optimizer } from '../optimizers/optimizer.js';
import { createOptimizer } from '../optimizers/registry.js';
import { BatchUploader } from './device-batch.js';
import { Network, readBack } from './network.js';
import type { RunData } from './run-data.js';
import type { StepParts } from './train-step.js';

export class Session implements StepParts {
  private constructor(
    readonly engine: Engine,
    readonly network: Network,
    readonly optimizer: Optimizer,
    readonly uploader: BatchUploader,
  ) {}

  /** From the checkpoint, or from initial weights. */
  static create(
    engine: Engine,
    spec: RunSpec,
    model: Model,
    data: RunData,
    checkpoint: Checkpoint | null,
  ): Session {
    const normalization = normalizationOf(spec.augmentation, data.image.channels);
    const values =
      checkpoint === null
        ? initialState(model, spec.seed)
        : fromStateDict(model.entries, checkpoint.weights, 'weights.safetensors');
    const network = new Network(model, engine, values);
    const made: { dispose(): void }[] = [network];
    try {
      const optimizer = createOptimizer(spec.optimizer, engine, network.parameters);
      made.push(optimizer);
      if (checkpoint !== null)
        optimizer.load(fromOptimizerFile(engine.tf, checkpoint.optimizer), checkpoint.state.step);
      return new Session(engine, network, optimizer, new BatchUploader(engine, data.image, normalization));
    } catch (error) {
      for (const part of made) part.dispose();
      throw error;
    }
  }

  /** The files of a checkpoint, read back from the device. */
  async snapshot(record: EpochRecord) {
    const { entries } = this.network.model;
    const weights = toStateDict(entries, await this.network.values(), record.step, {
      epoch: JSON.stringify(record),
    });
    const optimizer = toOptimizerFile(this.optimizer.state(), await readBack(this.optimizer.state()));
    return { weights, optimizer, weightsHash: weightsHash(weights) };
  }

  dispose(): void {
    this.network.dispose();
    this.optimizer.dispose();
    this.uploader.dispose();
  }
}
