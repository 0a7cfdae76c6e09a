/** What the trainer's mode `infer` reads (one request as JSON on stdin) and prints: events, the answer last, each a line of JSON on stdout. */
import type { EngineInfo } from './events.js';
import type { RunSpec } from './run-spec.js';

/** A trained model: the cell's spec and its weights (a `.safetensors` of the shared trainer; absolute path). */
export interface TrainedModel {
  cellId: string;
  spec: RunSpec;
  weights: string;
}

/** Probabilities are means over the whole image, its shifts and crops, and the mirror images of all of them. */
export interface TestTimeAugmentation {
  flip: boolean;
  /** So many pixels along both diagonals, what is missing at the border mirrored in; 0: none. */
  shift: number;
  /** Crops of 7/8 of the side, resized to the whole: the centre, the corners, the middles of the sides; 0 to 9. */
  crops: number;
}

interface Request {
  batchSize: number;
  /** Absolute folder for decoded data. */
  cacheDir: string;
}

export interface PredictRequest extends Request {
  type: 'predict';
  /** Of equal classes, in any order; several are an ensemble. */
  models: TrainedModel[];
  /** Absolute path of a folder or zip. */
  images: string;
  /** Absolute path of a CSV with a header and an id in each row: which images, in which order. */
  sample: string | null;
  /**
   * Columns of the sample: the id's, then the class's, or `column=class` for probabilities; alone: the others are found by name. Null:
   * all are found.
   */
  columns: string[] | null;
  augmentation: TestTimeAugmentation;
  /** Weigh the models so that the validation loss is smallest; else all alike. */
  fitWeights: boolean;
}

export interface EmbedRequest extends Request {
  type: 'embed';
  model: TrainedModel;
  /** Absolute path of a folder or zip whose images' features are wanted; null: those of the cell's validation images. */
  images: string | null;
  /** Numbers of neighbours that vote; none: no votes. */
  votes: number[];
  /** Images whose neighbours are wanted: a validation image of this name, or else the file at this absolute path. */
  queries: { name: string; path: string }[];
  /** So many validation images, evenly spread, are queries too. */
  samples: number;
  /** Number of neighbours of each. */
  neighbours: number;
}

export type InferenceRequest = PredictRequest | EmbedRequest;

/** An image that can't be read or decoded. */
export interface UnusableImage {
  id: string;
  message: string;
}

/** The most probable class, or the probability of the class at this place. */
export type Filling = 'class' | number;

/** How a sample submission is written, so that one like it can be. */
export interface SubmissionTemplate {
  /** What stands before the header. */
  start: string;
  delimiter: string;
  lineEnd: string;
  /** The last row has a line end, too. */
  endsWithLine: boolean;
  /** Name of the column of ids. */
  idColumn: string;
  /** As written, with quotes. */
  header: string[];
  /** What each column holds: its texts as written, row by row; or what it is to be filled with, in quotes or where these are needed. */
  columns: ({ kept: string[] } | { fill: Filling; quoted: boolean })[];
}

/** With a matrix of probabilities [ids × classes]; the rows of unusable images are the mean of all others. */
export interface PredictAnswer {
  type: 'predicted';
  ids: string[];
  /** In the order of the columns. */
  classes: string[];
  /** Null without a sample. */
  template: SubmissionTemplate | null;
  unusable: UnusableImage[];
  /** Images that the sample doesn't name, and a few of them. */
  unnamed: number;
  unnamedIds: string[];
  /** Of the models; their sum is 1. */
  weights: number[];
  /** Validation loss of the ensemble with these weights and with equal ones, where they were fitted. */
  fitted: { loss: number; equalLoss: number; images: number } | null;
  engine: EngineInfo;
}

/** An image beside others. */
export interface Picture {
  id: string;
  /** Null for images without one. */
  label: string | null;
  /** The image as the model sees it, as PNG in base64. */
  png: string;
}

export interface Neighbourhood {
  query: Picture;
  /** Training images, nearest first. */
  neighbours: (Picture & {
    /** Cosine of the angle between the features. */
    similarity: number;
  })[];
}

/** What features say of the validation images. */
export interface FeatureQuality {
  trainImages: number;
  /** Of the model's own classifier. */
  accuracy: number;
  /** Share of the images whose k nearest training images vote for their class. */
  nearestNeighbours: { k: number; accuracy: number }[];
}

/** With a matrix of features [ids × dimensions]. Unusable images are left out. */
export interface EmbedAnswer {
  type: 'embedded';
  ids: string[];
  /** Class of each image; null for images without labels. */
  labels: string[] | null;
  dimensions: number;
  unusable: UnusableImage[];
  /** Null where no votes were asked for. */
  quality: FeatureQuality | null;
  neighbourhoods: Neighbourhood[];
  engine: EngineInfo;
}

/** An answer and its matrix. */
export interface Answered<Answer> {
  answer: Answer;
  numbers: Float32Array;
}

/** What comes before an answer. */
export type InferenceEvent =
  | { type: 'progress'; done: number; total: number }
  /** The next piece of the answer's matrix: little-endian float32, row-major, in base64. */
  | { type: 'numbers'; base64: string }
  /** The request can't be met as it is; for people. Anything else that goes wrong ends the process with words on stderr. */
  | { type: 'refused'; message: string };
