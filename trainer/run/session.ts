/** Everything of a run that lives on the device. */
import { normalizationOf } from '../augmentation/normalization.js';
import type { Checkpoint } from '../checkpoints/checkpoint-store.js';
import { describeInput } from '../checkpoints/input-description.js';
import { fromOptimizerFile, toOptimizerFile } from '../checkpoints/optimizer-file.js';
import type { Safetensors } from '../checkpoints/safetensors.js';
import { fromStateDict, toStateDict, weightsHash } from '../checkpoints/state-dict.js';
import type { EpochRecord } from '../contract/events.js';
import type { EmaSpec, RunSpec } from '../contract/run-spec.js';
import type { Engine } from '../engine/engine.js';
import type { Model } from '../models/model.js';
import type { Optimizer } from '../optimizers/optimizer.js';
import { createOptimizer } from '../optimizers/registry.js';
import { AveragedWeights } from '../training/averaged-weights.js';
import { BatchUploader } from '../training/device-batch.js';
import { frozenNames } from '../training/freeze.js';
import { initialLossScale, LossScaler } from '../training/loss-scale.js';
import { Network, readBack } from '../training/network.js';
import type { RunData } from '../training/run-data.js';
import type { StepParts } from '../training/step-parts.js';

export class Session implements StepParts {
  private constructor(
    readonly engine: Engine,
    readonly network: Network,
    readonly optimizer: Optimizer,
    readonly uploader: BatchUploader,
    readonly average: AveragedWeights | null,
    private readonly description: Record<string, string>,
    readonly lossScaler: LossScaler | null,
  ) {}

  /** From the checkpoint, or from these initial values. */
  static create(
    engine: Engine,
    spec: RunSpec,
    model: Model,
    data: RunData,
    checkpoint: Checkpoint | null,
    initial: Readonly<Record<string, Float32Array>>,
  ): Session {
    const normalization = normalizationOf(spec.augmentation, data.image.channels);
    const values =
      checkpoint === null ? initial : fromStateDict(model.entries, checkpoint.weights, 'weights.safetensors');
    const network = new Network(model, engine, values, frozenNames(model.entries, spec.train.freeze));
    const made: { dispose(): void }[] = [network];
    try {
      const optimizer = createOptimizer(spec.optimizer, engine, network.parameters, network.trainable);
      made.push(optimizer);
      const lossScale = checkpoint?.state.lossScale ?? initialLossScale;
      if (checkpoint !== null) {
        const steps = checkpoint.state.step - lossScale.skippedSteps;
        optimizer.load(fromOptimizerFile(engine.tf, checkpoint.optimizer), steps);
      }
      const average = createAverage(engine, network, spec.train.ema, checkpoint, values);
      if (average !== null) made.push(average);
      const uploader = new BatchUploader(engine, data.image, normalization);
      const lossScaler = spec.train.precision === 'float16' ? new LossScaler(engine.tf, lossScale) : null;
      return new Session(engine, network, optimizer, uploader, average, describeInput(data), lossScaler);
    } catch (error) {
      for (const part of made) part.dispose();
      throw error;
    }
  }

  /** The files of a checkpoint after so many batches, read back from the device. */
  async snapshot(record: EpochRecord, batches: number) {
    const metadata = { epoch: JSON.stringify(record), ...this.description };
    const weights = await stateDict(this.network, metadata, batches);
    const optimizer = toOptimizerFile(this.optimizer.state(), await readBack(this.optimizer.state()));
    const ema = this.average && (await stateDict(this.average.network, metadata, batches));
    return { files: { weights, optimizer, ema }, weightsHash: weightsHash(weights) };
  }

  dispose(): void {
    this.network.dispose();
    this.optimizer.dispose();
    this.uploader.dispose();
    this.average?.dispose();
  }
}

function createAverage(
  engine: Engine,
  network: Network,
  settings: EmaSpec | null,
  checkpoint: Checkpoint | null,
  initial: Readonly<Record<string, Float32Array>>,
): AveragedWeights | null {
  if (settings === null) return null;
  const saved = checkpoint?.ema;
  const values = saved ? fromStateDict(network.model.entries, saved, 'ema.safetensors') : initial;
  return new AveragedWeights(engine, network, settings, values);
}

async function stateDict(
  network: Network,
  metadata: Record<string, string>,
  batches: number,
): Promise<Safetensors> {
  const { model, frozen } = network;
  return toStateDict(model.entries, await network.values(), batches, metadata, frozen);
}
