/** What the trainer's mode `warm-starts` is asked and tells: how a file of weights fits a model. It reads no more than the header. */
import type { Component } from './run-spec.js';

export interface WarmStart {
  model: Component;
  channels: number;
  imageSize: number;
  /** In the order of the data. */
  classNames: string[];
  /** Absolute path of a `.safetensors` file. */
  from: string;
  strict: boolean;
}

export interface WarmStartReport {
  /** Tensors of the model that the file has, of so many. */
  taken: number;
  wanted: number;
  /** What is skipped, interpolated or taken in part; empty: everything fits. */
  exceptions: string;
  /** What else is to be known, such as a head whose rows come in another order. */
  remarks: string[];
  /** Why a run can't begin with it, or null. */
  problem: string | null;
}
