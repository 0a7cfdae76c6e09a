/**
 * The one thing that travels to a slot: all that a trainer needs to know of a cell, as plain JSON with
 * every default filled in, but those of settings that came later (later-settings.ts). A cell's identity is a hash of it (without `data.root` and the objective).
 */

/** `{name, …parameters}`: a named component with its parameters (see params.ts). */
export interface Component {
  name: string;
  [parameter: string]: unknown;
}

export interface Objective {
  /** A metric of the `epoch` event, e.g. `validationAccuracy`. */
  metric: string;
  direction: 'maximize' | 'minimize';
}

export interface ValidationSpec {
  /** `split`: hold out a part of the training images. `files`: use the data set's own (MNIST `t10k`, folder `validation/`, CSV `data.validationLabels`). */
  source: 'split' | 'files';
  /** Share of the images held out when `source` is `split`. */
  fraction: number;
  /** Same class shares in both parts. */
  stratified: boolean;
  /** Seed of the split: the same for all cells unless it is an axis, so that they are compared on the same images. */
  seed: number;
}

interface DataLimit {
  /** Keep the first n classes (in class order); null: all. */
  classes: number | null;
  /** Keep at most n training images of each class, before the split; null: all. */
  imagesPerClass: number | null;
}

export interface DataSpec {
  /** Name of the data set, part of a cell's identity. */
  name: string;
  /** `csv`: table of labels + folder or zip of images; `folder`: one folder a class; `mnist`: four IDX files. */
  format: 'csv' | 'folder' | 'mnist';
  /** Where the data lies. NOT part of the identity. Absolute when it travels. */
  root: string;
  /** Folder or zip with the images, relative to root (`csv`, `folder`). Null for `mnist`. */
  images: string | null;
  /** CSV of labels, relative to root (`csv`). */
  labels: string | null;
  /** CSV of validation labels, relative to root, when `validation.source` is `files` (`csv`). */
  validationLabels: string | null;
  columns: { id: string; label: string };
  /** Images are resized to this height and width; null: all images must have one size already. */
  imageSize: number | null;
  channels: 1 | 3;
  validation: ValidationSpec;
  limit: DataLimit;
  /** Leave out images that can't be read or decoded, with a warning that counts them; else they are an error. Absent: false. */
  skipBad?: boolean;
  /**
   * The shorter side is resized to so many pixels, the aspect ratio kept: torchvision's `Resize(shortSide)`. A `randomResizedCrop`,
   * the first transform, crops from that to `imageSize`; all else works on its centre, `CenterCrop(imageSize)`. Null or absent: images
   * are squashed to `imageSize`.
   */
  shortSide?: number | null;
}

/** Augmented copies of the training images, the same in every epoch: a larger training set. */
export interface ExpansionSpec {
  /** Copies of each training image. */
  copies: number;
  /** Train on the images themselves, too. */
  keepOriginals: boolean;
  /** What makes a copy, in order: transforms of bytes. */
  transforms: Component[];
  /** Seed of the copies: the same for all cells unless it is an axis, so that they share them. */
  seed: number;
}

export interface AugmentationSpec {
  /** Per image, in order, on training images. `normalize` applies to validation images too. */
  transforms: Component[];
  /** One of these is drawn for each training batch, or epoch (`cutMix`, `mixUp`). */
  mix: Component[];
  /** Probability that a batch, or an epoch, is mixed at all. */
  mixProbability: number;
  /** What `mix` and `mixProbability` are drawn for; absent: `batch`. How a batch is mixed is drawn for each batch. */
  mixEvery?: 'batch' | 'epoch';
  /**
   * How often an image is in its batch, each time augmented anew (Hoffer et al. 2020). An epoch keeps its number of
   * images, so it has 1 / `repeats` of the data set.
   */
  repeats: number;
  /** Null: the training images alone. */
  expansion: ExpansionSpec | null;
}

/** Number formats of convolutions and matrix products; all else stays float32. */
export const precisions = ['float32', 'bfloat16', 'float16'] as const;
export type Precision = (typeof precisions)[number];

/** Exponential moving average of the weights, which is evaluated and kept beside them. */
export interface EmaSpec {
  /** Share of the average that an update keeps. */
  decay: number;
  /** Optimizer steps from one update to the next. */
  updateEvery: number;
  /** The n-th update keeps at most 1 - n^(-2/3), so that a short run forgets its initial weights, too. */
  warmup: boolean;
}

export interface TrainSpec {
  epochs: number;
  batchSize: number;
  /** Batches whose gradients make up one optimizer step. */
  accumulate: number;
  /** Share of the target spread over all classes (cross-entropy). */
  labelSmoothing: number;
  /** Drop the last, smaller training batch of an epoch. */
  dropLast: boolean;
  /** Largest global L2 norm of the gradients; null: no clipping. */
  gradientClipNorm: number | null;
  /** Largest absolute value in the gradients, before `gradientClipNorm`; null: no clipping. */
  gradientClipValue: number | null;
  /** What is not trained: patterns of state-dict names, with `*` for any characters. */
  freeze: string[];
  /** Null: none. */
  ema: EmaSpec | null;
  precision: Precision;
}

/** Any other program in place of the shared trainer. */
export interface ExternalTrainer {
  /** Program and arguments, run in the folder of the grid file. */
  command: string[];
  /** The program speaks the request protocol of events.ts on stdin and serves many cells. */
  persistent: boolean;
  /** Patterns of more files that the results rest on, relative to the grid file. NOT part of the identity. Absent: none. */
  inputs?: string[];
  /** Tells the programs that one command means in several folders apart; no setting. Absent: the first folder. */
  folderNumber?: number;
}

/** Weights of another run or program that a run begins with. */
export interface InitSpec {
  /** A `.safetensors` file, absolute when it travels. NOT part of the identity. */
  from: string;
  /** SHA-256 of its content (see weights-content.ts). */
  hash: string;
  /** Every tensor must fit; else those that don't are skipped with a warning. */
  strict: boolean;
}

export interface RunSpec {
  version: 1;
  objective: Objective;
  seed: number;
  data: DataSpec;
  model: Component;
  /** Null: the model's own initial weights. */
  init: InitSpec | null;
  optimizer: Component;
  scheduler: Component;
  augmentation: AugmentationSpec;
  train: TrainSpec;
  /** Null: the shared trainer. */
  trainer: ExternalTrainer | null;
  /** Free parameters for an external trainer. */
  params: Record<string, unknown>;
}
