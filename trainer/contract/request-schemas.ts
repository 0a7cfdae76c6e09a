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
import { any, anyText, count, flag, integer, listOf, number, oneOf, orNull, shape, text } from './shape.js';
import type { WarmStart } from './warm-start.js';

const component = shape<Pick<Component, 'name'>>({ name: text });

export const dataSpec = shape<DataSpec>(
  {
    name: text,
    format: oneOf(['csv', 'folder', 'mnist']),
    root: text,
    images: orNull(text),
    labels: orNull(text),
    validationLabels: orNull(text),
    columns: shape<DataSpec['columns']>({ id: text, label: text }),
    imageSize: orNull(count),
    channels: { type: 'integer', enum: [1, 3] },
    validation: shape<DataSpec['validation']>({
      source: oneOf(['split', 'files']),
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
    mixEvery: oneOf(['batch', 'epoch']),
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
  precision: oneOf(precisions),
});

const runSpec = shape<RunSpec>({
  version: { const: 1 },
  objective: shape<RunSpec['objective']>({
    metric: text,
    direction: oneOf(['maximize', 'minimize']),
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
  run: shape<RunRequest>(
    {
      type: any,
      cellId: text,
      attempt: integer,
      spec: runSpec,
      runDir: text,
      cacheDir: text,
      untilEpoch: count,
    },
    ['untilEpoch'],
  ),
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
      label: anyText,
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
    classNames: listOf(anyText),
    from: text,
    strict: flag,
  }),
);
export const folder = text;
