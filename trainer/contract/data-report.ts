/** What `trainer describe` answers: the facts of a data set and the pictures that it has written. */
import type { DataInspection } from './events.js';
import type { AugmentationSpec, DataSpec } from './run-spec.js';

/** On stdin of `trainer describe`. */
export interface DescribeRequest {
  data: DataSpec;
  /** Pictures are made of batches as each of these makes them. */
  augmentations: { label: string; augmentation: AugmentationSpec; seed: number }[];
  /** Images of each class on its sheet. */
  samplesPerClass: number;
  /** Absolute folder for decoded data. */
  cacheDir: string;
  /** Absolute folder, which exists: pictures are written there. */
  outDir: string;
}

/** Images side by side in a PNG file. */
export interface Picture {
  /** Relative to `outDir`, with `/`. */
  file: string;
  /** Pixels. */
  width: number;
  height: number;
}

export type Part = 'train' | 'validation';

/** One image of several that are alike. */
export interface AlikeImage {
  name: string;
  class: string;
  part: Part;
}

/** Images with the same pixels, or two that hardly differ. */
interface AlikeImages {
  images: AlikeImage[];
  /** Pearson correlation of their pixels; 1: the pixels are the same. */
  correlation: number;
  /** Of the first few. */
  picture: Picture | null;
}

/** `groups` are those between parts first, then those of several classes, then the most alike; not all of many. */
export interface AlikeSummary {
  /** Number of groups. */
  count: number;
  /** Groups with training and validation images in them: what is learned by heart counts as recognized. */
  leaks: number;
  /** Groups whose images have different classes. */
  conflicts: number;
  groups: AlikeImages[];
}

export interface AugmentedPictures {
  label: string;
  train: Picture;
  validation: Picture;
}

export interface ChannelStatistics {
  /** Of training images' values / 255, as `normalize` takes them. */
  mean: number;
  standardDeviation: number;
  /** [256]: how many values of each brightness. */
  histogram: number[];
}

/** What decoding brought to light. */
export interface DataContent {
  /** The size that all images were decoded to. */
  height: number;
  width: number;
  /** One size was chosen for the report, since images of several sizes come without `imageSize`. */
  isSizeChosen: boolean;
  trainImages: number;
  validationImages: number;
  classes: { name: string; train: number; validation: number; sheet: Picture }[];
  /** Red, green, blue; or grey. */
  channels: ChannelStatistics[];
  /** The same pixels. */
  exact: AlikeSummary;
  /** Pairs that differ in their pixels, but not to the eye. */
  near: AlikeSummary & {
    /** False where too many images are alike to compare all of them. */
    isComplete: boolean;
  };
  /** Batches as the model gets them, normalization undone, for each of the request's augmentations. */
  augmented: AugmentedPictures[];
}

export interface DataReport {
  inspection: DataInspection;
  /** Null where the data can't be used; `inspection.problems` says why. */
  content: DataContent | null;
  seconds: number;
}

/** Answer of `trainer guess`: a `data` section for a folder and why, or why there is none that is sure. */
export type DataGuess = { data: Record<string, unknown>; evidence: string[] } | { refusal: string };
