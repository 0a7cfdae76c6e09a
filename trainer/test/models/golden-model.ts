/** Weights, input and expected values of the models that PyTorch and torchvision were run on. */
import { fileShape, fromFileLayout, type TensorLayout, toFileLayout } from '../../checkpoints/layout.js';
import { type ModelName, models } from '../../contract/params.js';
import type { Model } from '../../models/model.js';
import { createModel } from '../../models/registry.js';
import { goldenFile } from '../golden-file.js';
import { namedNumbers, namedTensor } from '../named-numbers.js';

export interface GoldenModel {
  image_size: number;
  weight_gain: number;
  trainable_parameters: number;
  /** 'name shape type' of each entry; a variant differs in its first entry alone. */
  state_dict: string[] | { as: string; but: string };
  eval_logits: number[][];
  train_logits: number[][];
  eval_logits_after_train: number[][];
  train_loss: number;
  gradients: [name: string, norm: number, dot: number][];
  running: [name: string, norm: number][];
  tolerance: Record<string, number>;
}

interface GoldenModels {
  models: Record<string, GoldenModel>;
}

const residual = goldenFile<GoldenModels & { labels: number[]; label_smoothing: number; classes: number }>(
  'models.json',
);

export const golden = {
  ...residual,
  models: {
    ...residual.models,
    ...goldenFile<GoldenModels>('convnets.json').models,
    ...goldenFile<Record<string, GoldenModel>>('transformers.json'),
  },
};

export function stateDictLines(name: string): string[] {
  const lines = golden.models[name]!.state_dict;
  if (Array.isArray(lines)) return lines;
  return [lines.but, ...stateDictLines(lines.as).slice(1)];
}

/** What the references were run with: nothing random, and their stems. */
const settings = { dropout: 0, stochasticDepth: 0 };
const stems: Record<string, object> = {
  stem1: { stemStride: 1 },
  stem3: { stemKernel: 3, stemStride: 1, stemPool: 'none' },
  stem3_pool: { stemKernel: 3, stemStride: 1, stemPool: 'max' },
};

/** Where our names are not the reference's in camelCase. */
const names: Record<string, ModelName> = {
  vit_b_16: 'vitB16',
  vit_small_40: 'vit',
  swin_t: 'swinTiny',
  swin_small_40: 'swin',
};

/** The model that the reference calls `efficientnet_b0_stem1` and the like, with the defaults of the contract. */
export function buildModel(goldenName: string, parameters: object = {}, classes = golden.classes): Model {
  const [, reference = '', stem = ''] = /^(.*?)(?:_(stem.*))?$/.exec(goldenName)!;
  const name =
    names[goldenName] ??
    (reference.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase()) as ModelName);
  const defaults = Object.fromEntries(
    Object.entries(models[name]).map(([key, schema]) => [key, schema.default]),
  );
  const component = { name, ...defaults, ...settings, ...stems[stem], ...parameters };
  const imageSize = golden.models[goldenName]?.image_size ?? 32;
  return createModel(component, { channels: 3, classes, imageSize });
}

const sizeOf = (shape: readonly number[]) => shape.reduce((product, side) => product * side, 1);

/** Weights by name in the trainer's layout. */
export function goldenWeights(model: Model, gain: number): Record<string, Float32Array> {
  const values: Record<string, Float32Array> = {};
  for (const { name, role, shape, layout } of model.entries) {
    if (role === 'counter' || role === 'table') continue;
    const [centre, half] = centreAndHalf(name, shape, layout, gain);
    values[name] = fromFileLayout(namedTensor(name, sizeOf(shape), centre, half), shape, layout);
  }
  return values;
}

function centreAndHalf(name: string, shape: readonly number[], layout: TensorLayout, gain: number) {
  if (name.endsWith('running_mean') || name.endsWith('bias')) return [0, 0.1] as const;
  if (name.endsWith('running_var')) return [1, 0.5] as const;
  if (/(class_token|pos_embedding|bias_table)$/.test(name)) return [0, 0.2] as const;
  if (shape.length === 1) return [1, 0.2] as const;
  const [outputs] = fileShape(shape, layout);
  return [0, Math.sqrt(gain / (sizeOf(shape) / outputs!))] as const;
}

/** [2, S, S, 3]; the numbers fill NCHW. */
export function goldenImages(size: number): Float32Array {
  const planes = namedTensor('input', 2 * 3 * size * size, 0, 2);
  const pixels = size * size;
  const images = new Float32Array(planes.length);
  for (let n = 0; n < 2; n++)
    for (let c = 0; c < 3; c++)
      for (let p = 0; p < pixels; p++) images[(n * pixels + p) * 3 + c] = planes[(n * 3 + c) * pixels + p]!;
  return images;
}

/** L2 norm of a parameter's gradient and its dot product with the golden direction. */
export function projections(model: Model, name: string, gradient: Float32Array) {
  const { shape, layout } = model.entries.find(entry => entry.name === name)!;
  const inFile = toFileLayout(gradient, shape, layout);
  const direction = namedNumbers(`direction:${name}`, inFile.length);
  let square = 0;
  let dot = 0;
  for (let index = 0; index < inFile.length; index++) {
    square += inFile[index]! ** 2;
    dot += inFile[index]! * direction[index]!;
  }
  return { norm: Math.sqrt(square), dot };
}
