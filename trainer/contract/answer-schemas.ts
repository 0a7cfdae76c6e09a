/**
 * What the trainer says and keeps looks like, for checking it where it enters. Keys that aren't named here are let through: they
 * may be a newer trainer's.
 */
import type { CpuFeatures } from './cpu-features.js';
import type {
  AlikeImage,
  AlikeSummary,
  AugmentedPictures,
  ChannelStatistics,
  DataContent,
  DataReport,
  Picture as PictureFile,
} from './data-report.js';
import type { Evaluation } from './evaluation.js';
import type { DataInspection, DataProblem, EngineInfo, EpochRecord, Provenance } from './events.js';
import type { ModelEntry } from './freeze.js';
import type {
  EmbedAnswer,
  FeatureQuality,
  InferenceEvent,
  InferenceRequest,
  Neighbourhood,
  Picture,
  PredictAnswer,
  SubmissionTemplate,
  UnusableImage,
} from './inference.js';
import type { Profile, ProfileEntry } from './profile.js';
import type { RangePoint, RangeSuggestion, RangeTest } from './range-test.js';
import { precisions } from './run-spec.js';
import type { Schema } from './schema.js';
import {
  any,
  anyText,
  count,
  flag,
  integer,
  listOf,
  natural,
  number,
  oneOf,
  orNull,
  recordOf,
  shape,
  text,
} from './shape.js';
import type { WarmStartReport } from './warm-start.js';

/** What isn't finite travels as null. */
const measured = orNull(number);

const engineInfo = shape<EngineInfo>(
  {
    name: text,
    version: anyText,
    device: anyText,
    cpu: shape<CpuFeatures>({ oneDnn: flag, flags: listOf(anyText) }),
  },
  ['cpu'],
);

/** An engine that loads, with the number formats that it computes in. */
export const probedEngine: Schema = {
  ...engineInfo,
  properties: { ...engineInfo.properties, precisions: listOf(oneOf(precisions)) },
  required: [...engineInfo.required!, 'precisions'],
};

export const provenance = shape<Provenance>(
  { dataFingerprint: anyText, trainerVersion: anyText, engine: engineInfo, sources: text },
  ['sources'],
);

export const epochRecord = shape<EpochRecord>({
  epoch: count,
  step: natural,
  metrics: recordOf(measured),
});

export const evaluation = shape<Evaluation>({
  version: integer,
  epoch: natural,
  weightsHash: text,
  images: natural,
  loss: measured,
  accuracy: measured,
  top5Accuracy: measured,
  expectedCalibrationError: measured,
  classes: listOf(
    shape<Evaluation['classes'][number]>({ name: anyText, images: natural, accuracy: measured }),
  ),
  confusion: listOf(listOf(natural)),
});

export const imageSizes = listOf(
  shape<DataInspection['imageSizes'][number]>({ height: natural, width: natural, count: natural }),
);

export const dataInspection = shape<DataInspection>(
  {
    fingerprint: anyText,
    images: natural,
    validationImages: natural,
    hasDrawnTies: flag,
    classes: listOf(shape<DataInspection['classes'][number]>({ name: anyText, count: natural })),
    imageSizes,
    imageSize: orNull(natural),
    problems: listOf(
      shape<DataProblem>({ severity: oneOf(['error', 'warning']), key: anyText, message: anyText }),
    ),
  },
  ['hasDrawnTies'],
);

export const modelEntries = listOf(
  listOf(shape<ModelEntry>({ name: text, role: oneOf(['parameter', 'buffer', 'counter', 'table']) })),
);

export const warmStartReports = listOf(
  shape<WarmStartReport>({
    taken: natural,
    wanted: natural,
    exceptions: anyText,
    remarks: listOf(anyText),
    problem: orNull(anyText),
  }),
);

export const rangeTest = shape<RangeTest>({
  points: listOf(shape<RangePoint>({ learningRate: measured, loss: measured, smoothed: measured })),
  diverged: flag,
  suggestion: shape<RangeSuggestion>({ steepest: measured, tenthOfMinimum: measured }),
  engine: engineInfo,
  seconds: measured,
});

const phases = ['input', 'forward', 'backward', 'update'] as const;

export const profile = shape<Profile>({
  engine: engineInfo,
  batchSize: count,
  parameters: natural,
  step: shape<Profile['step']>({
    count,
    milliseconds: measured,
    deviation: measured,
    imagesPerSecond: measured,
    dataWaitShare: measured,
  }),
  timedMilliseconds: measured,
  isSynchronous: flag,
  phases: shape<Profile['phases']>({
    input: measured,
    forward: measured,
    backward: measured,
    update: measured,
  }),
  entries: listOf(
    shape<ProfileEntry>({
      phase: oneOf(phases),
      layer: text,
      op: text,
      calls: measured,
      milliseconds: measured,
    }),
  ),
  peakMemoryMegabytes: measured,
});

const pictureFile = shape<PictureFile>({ file: text, width: natural, height: natural });

const alikeSummary = {
  count: natural,
  leaks: natural,
  conflicts: natural,
  groups: listOf(
    shape<AlikeSummary['groups'][number]>({
      images: listOf(
        shape<AlikeImage>({ name: anyText, class: anyText, part: oneOf(['train', 'validation']) }),
      ),
      correlation: measured,
      picture: orNull(pictureFile),
    }),
  ),
};

const dataContent = shape<DataContent>({
  height: natural,
  width: natural,
  isSizeChosen: flag,
  trainImages: natural,
  validationImages: natural,
  classes: listOf(
    shape<DataContent['classes'][number]>({
      name: anyText,
      train: natural,
      validation: natural,
      sheet: pictureFile,
    }),
  ),
  channels: listOf(
    shape<ChannelStatistics>({ mean: measured, standardDeviation: measured, histogram: listOf(measured) }),
  ),
  exact: shape<AlikeSummary>(alikeSummary),
  near: shape<DataContent['near']>({ ...alikeSummary, isComplete: flag }),
  augmented: listOf(
    shape<AugmentedPictures>({ label: anyText, train: pictureFile, validation: pictureFile }),
  ),
});

export const dataReport = shape<DataReport>({
  inspection: dataInspection,
  content: orNull(dataContent),
  seconds: measured,
});

export const dataGuess: Schema = {
  type: 'object',
  anyOf: [
    shape<{ data: object; evidence: string[] }>({ data: recordOf(any), evidence: listOf(anyText) }),
    shape<{ refusal: string }>({ refusal: text }),
  ],
};

const unusable = listOf(shape<UnusableImage>({ id: anyText, message: anyText }));
const picture = { id: anyText, label: orNull(anyText), png: anyText };

/** What a mode may print before its answer, by its type. */
export const answerEvents: Record<InferenceEvent['type'], Schema> = {
  progress: shape<Extract<InferenceEvent, { type: 'progress' }>>({
    type: any,
    done: natural,
    total: natural,
  }),
  numbers: shape<Extract<InferenceEvent, { type: 'numbers' }>>({ type: any, base64: anyText }),
  refused: shape<Extract<InferenceEvent, { type: 'refused' }>>({ type: any, message: anyText }),
};

/** What the mode `infer` answers, by the type of the request. */
export const inferenceAnswers: Record<InferenceRequest['type'], Schema> = {
  predict: shape<PredictAnswer>({
    type: oneOf(['predicted']),
    ids: listOf(anyText),
    classes: listOf(anyText),
    template: orNull(
      shape<SubmissionTemplate>({
        start: anyText,
        delimiter: anyText,
        lineEnd: anyText,
        endsWithLine: flag,
        idColumn: anyText,
        header: listOf(anyText),
        columns: listOf({
          type: 'object',
          anyOf: [
            shape<{ kept: string[] }>({ kept: listOf(anyText) }),
            shape<{ fill: 'class' | number; quoted: boolean }>({
              fill: { type: ['string', 'integer'] },
              quoted: flag,
            }),
          ],
        }),
      }),
    ),
    unusable,
    unnamed: natural,
    unnamedIds: listOf(anyText),
    weights: listOf(measured),
    fitted: orNull(
      shape<NonNullable<PredictAnswer['fitted']>>({ loss: measured, equalLoss: measured, images: natural }),
    ),
    engine: engineInfo,
  }),
  embed: shape<EmbedAnswer>({
    type: oneOf(['embedded']),
    ids: listOf(anyText),
    labels: orNull(listOf(anyText)),
    dimensions: natural,
    unusable,
    quality: orNull(
      shape<FeatureQuality>({
        trainImages: natural,
        accuracy: measured,
        nearestNeighbours: listOf(
          shape<FeatureQuality['nearestNeighbours'][number]>({ k: count, accuracy: measured }),
        ),
      }),
    ),
    neighbourhoods: listOf(
      shape<Neighbourhood>({
        query: shape<Picture>(picture),
        neighbours: listOf(shape<Neighbourhood['neighbours'][number]>({ ...picture, similarity: measured })),
      }),
    ),
    engine: engineInfo,
  }),
};
