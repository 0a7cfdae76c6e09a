/**
 * What requests to the trainer look like, for checking them where they enter: shapes and types. What a value may be, the tables
 * of parameters (params.ts) and the trainer's own checks say. Keys that aren't named here are let through: they may be a newer runner's.
 */
import type { DescribeRequest } from './data-report.js';
import type { RunRequest, TrainerRequest } from './events.js';
import type { EmbedRequest, InferenceRequest, PredictRequest, TrainedModel } from './inference.js';
import type { ProfileRequest } from './profile.js';
import type { RangeTestRequest } from './range-test.js';
import {
  type AugmentationSpec,
  type Component,
  type DataSpec,
  precisions,
  type RunSpec,
  type TrainSpec,
} from './run-spec.js';
import type { Schema } from './schema.js';
import type { WarmStart } from './warm-start.js';

const text: Schema = { type: 'string', minLength: 1 };
const number: Schema = { type: 'number' };
const integer: Schema = { type: 'integer' };
const count: Schema = { type: 'integer', minimum: 1 };
const flag: Schema = { type: 'boolean' };
const any: Schema = {};
const listOf = (items: Schema): Schema => ({ type: 'array', items });
const orNull = (schema: Schema): Schema => ({ ...schema, type: [schema.type as string, 'null'] });

/** An object with a schema for each key of `T`; only those that `T` may leave out may be missing. */
const shape = <T extends object>(
  properties: { [K in keyof Required<T>]: Schema },
  optional: OptionalKeys<T>[] = [],
): Schema => ({
  type: 'object',
  properties,
  required: Object.keys(properties).filter(key => !(optional as string[]).includes(key)),
});
type OptionalKeys<T> = { [K in keyof T]-?: object extends Pick<T, K> ? K & string : never }[keyof T];

const component = shape<Pick<Component, 'name'>>({ name: text });

export const dataSpec = shape<DataSpec>(
  {
    name: text,
    format: { type: 'string', enum: ['csv', 'folder', 'mnist'] },
    root: text,
    images: orNull(text),
    labels: orNull(text),
    validationLabels: orNull(text),
    columns: shape<DataSpec['columns']>({ id: text, label: text }),
    imageSize: orNull(count),
    channels: { type: 'integer', enum: [1, 3] },
    validation: shape<DataSpec['validation']>({
      source: { type: 'string', enum: ['split', 'files'] },
      fraction: number,
      stratified: flag,
      seed: integer,
    }),
    limit: shape<DataSpec['limit']>({ classes: orNull(count), imagesPerClass: orNull(count) }),
    skipBad: flag,
    shortSide: orNull(count),
  },
  ['skipBad', 'shortSide'],
);

const augmentation = shape<AugmentationSpec>(
  {
    transforms: listOf(component),
    mix: listOf(component),
    mixProbability: number,
    mixEvery: { type: 'string', enum: ['batch', 'epoch'] },
    repeats: count,
    expansion: orNull(
      shape<NonNullable<AugmentationSpec['expansion']>>({
        copies: integer,
        keepOriginals: flag,
        transforms: listOf(component),
        seed: integer,
      }),
    ),
  },
  ['mixEvery'],
);

const train = shape<TrainSpec>({
  epochs: count,
  batchSize: count,
  accumulate: count,
  labelSmoothing: number,
  dropLast: flag,
  gradientClipNorm: orNull(number),
  gradientClipValue: orNull(number),
  freeze: listOf(text),
  ema: orNull(shape<NonNullable<TrainSpec['ema']>>({ decay: number, updateEvery: count, warmup: flag })),
  precision: { type: 'string', enum: precisions },
});

const runSpec = shape<RunSpec>({
  version: { const: 1 },
  objective: shape<RunSpec['objective']>({
    metric: text,
    direction: { type: 'string', enum: ['maximize', 'minimize'] },
  }),
  seed: integer,
  data: dataSpec,
  model: component,
  init: orNull(shape<NonNullable<RunSpec['init']>>({ from: text, hash: text, strict: flag })),
  optimizer: component,
  scheduler: component,
  augmentation,
  train,
  trainer: any,
  params: { type: 'object' },
});

/** Lines on stdin of a trainer that serves, by their type. */
export const trainerRequests: Record<TrainerRequest['type'], Schema> = {
  run: shape<RunRequest>({
    type: any,
    cellId: text,
    attempt: integer,
    spec: runSpec,
    runDir: text,
    cacheDir: text,
  }),
  drain: {},
  shutdown: {},
};

const trainedModel = shape<TrainedModel>({ cellId: text, spec: runSpec, weights: text });

/** What the mode `infer` reads, by its type. */
export const inferenceRequests: Record<InferenceRequest['type'], Schema> = {
  predict: shape<PredictRequest>({
    type: any,
    batchSize: count,
    cacheDir: text,
    models: { ...listOf(trainedModel), minItems: 1 },
    images: text,
    sample: orNull(text),
    columns: orNull(listOf(text)),
    augmentation: shape<PredictRequest['augmentation']>({ flip: flag, shift: integer, crops: integer }),
    fitWeights: flag,
  }),
  embed: shape<EmbedRequest>({
    type: any,
    batchSize: count,
    cacheDir: text,
    model: trainedModel,
    images: orNull(text),
    votes: listOf(count),
    queries: listOf(shape<EmbedRequest['queries'][number]>({ name: text, path: text })),
    samples: integer,
    neighbours: integer,
  }),
};

export const profileRequest = shape<ProfileRequest>({ spec: runSpec, cacheDir: text, steps: count });

export const rangeTestRequest = shape<RangeTestRequest>({
  spec: runSpec,
  cacheDir: text,
  steps: { type: 'integer', minimum: 2 },
  lowest: { type: 'number', exclusiveMinimum: 0 },
  highest: { type: 'number', exclusiveMinimum: 0 },
});

export const describeRequest = shape<DescribeRequest>({
  data: dataSpec,
  augmentations: listOf(
    shape<DescribeRequest['augmentations'][number]>({
      label: { type: 'string' },
      augmentation,
      seed: integer,
    }),
  ),
  samplesPerClass: integer,
  cacheDir: text,
  outDir: text,
});

/** What the modes `entries`, `warm-starts` and `guess` read. */
export const models = listOf(component);
export const warmStarts = listOf(
  shape<WarmStart>({
    model: component,
    channels: count,
    imageSize: count,
    classNames: listOf({ type: 'string' }),
    from: text,
    strict: flag,
  }),
);
export const folder = text;
