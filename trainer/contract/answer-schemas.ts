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
import type { Predictions } from './predictions.js';
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
export const measured = orNull(number);

export const cpuFeatures = shape<CpuFeatures>({ oneDnn: flag, flags: listOf(anyText) });

export const engineInfo = shape<EngineInfo>(
  {
    name: text,
    version: anyText,
    device: anyText,
    cpu: cpuFeatures,
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

export const predictions = shape<Predictions>({
  version: integer,
  epoch: natural,
  weightsHash: text,
  data: anyText,
  split: text,
  images: natural,
  labels: anyText,
  predicted: anyText,
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
