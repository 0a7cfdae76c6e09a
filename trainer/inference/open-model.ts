/** From a file of weights to a model that answers. */
import { readFile } from 'node:fs/promises';
import { normalizationOf } from '../augmentation/normalization.js';
import { type InputDescription, inputOf } from '../checkpoints/input-description.js';
import { parse } from '../checkpoints/safetensors.js';
import type { TrainedModel } from '../contract/inference.js';
import type { Engine } from '../engine/engine.js';
import { createModel } from '../models/registry.js';
import { BatchUploader } from '../training/device-batch.js';
import { Network } from '../training/network.js';
import { RequestError } from './request-error.js';

/** A model with its weights on the device. Holds tensors until `dispose`. */
export interface OpenModel extends InputDescription {
  engine: Engine;
  network: Network;
  uploader: BatchUploader;
  dispose(): void;
}

/** Throws a RequestError where the file is no weights of the cell's model. */
export async function openModel(engine: Engine, { spec, weights }: TrainedModel): Promise<OpenModel> {
  try {
    const file = parse(await readFile(weights), weights);
    const { image, classNames } = inputOf(file.metadata, weights);
    const { height, channels } = image;
    const input = { channels, classes: classNames.length, imageSize: height };
    const model = createModel(spec.model, input);
    const network = Network.fromWeights(model, engine, file, weights);
    const uploader = new BatchUploader(engine, image, normalizationOf(spec.augmentation, channels));
    const dispose = () => {
      network.dispose();
      uploader.dispose();
    };
    return { engine, network, uploader, image, classNames, dispose };
  } catch (cause) {
    throw new RequestError((cause as Error).message, { cause });
  }
}
