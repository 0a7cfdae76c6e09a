import type { DataSpec } from '../../contract/run-spec.js';
import type { Problems } from '../data-error.js';
import type { ImageSource } from '../sources/image-source.js';

/** Labelled images, a column a field. */
export interface Listing {
  /** What an image is called in messages and in the fingerprint: the id of its row, its file name. */
  names: string[];
  /** Names of the classes. */
  labels: string[];
  /** Numbers of the images in the source. */
  images: number[];
}

/** What a data set holds, before anything is decoded. */
export interface Catalogue {
  source: ImageSource;
  train: Listing;
  /** The data set's own validation part, where `validation.source` is `files`. */
  validation: Listing | null;
}

/** One way of laying out a data set. */
export interface Format {
  /** The files and folders, relative to the root, that hold all of it. They need not exist. */
  files(spec: DataSpec): string[];
  /**
   * Lists the labelled images without decoding any. What is wrong is added to `problems`; undefined where that
   * leaves nothing to list.
   */
  read(spec: DataSpec, problems: Problems, cacheDir: string | undefined): Catalogue | undefined;
}

/** A listing to be filled. */
export const emptyListing = (): Listing => ({ names: [], labels: [], images: [] });
