/** What a model is to the trainer: a state dict that is declared, and a forward pass over its tensors. */
import type { Ops, Tensor, TensorFlow } from '../engine/ops.js';
import type { Initializer } from './initializers.js';

/** One entry of the state dict, in the trainer's layout. Order and names are torchvision's. */
export interface StateEntry {
  name: string;
  /**
   * `parameter`: trained. `buffer`: running statistics. `counter`: `num_batches_tracked`, which is the number of
   * training steps and therefore lives in no tensor. `table`: integers that never change.
   */
  role: 'parameter' | 'buffer' | 'counter' | 'table';
  /** In the trainer's layout: convolutions [h, w, I, O], depthwise ones [h, w, C, 1], linear layers [O, I]. */
  shape: readonly number[];
  /** `HWIO`: stored as OIHW in files; `depthwise`: as [C, 1, h, w]; `plain`: alike. */
  layout: 'HWIO' | 'depthwise' | 'plain';
  initialize: Initializer;
  /** The integers of a table. */
  table?: Int32Array;
  /** Its rows are those of the classes: the last layer's. */
  ofClasses?: boolean;
}

/** What a forward pass needs beside its input. */
export interface ForwardContext {
  tf: TensorFlow;
  ops: Ops;
  /** Parameters and buffers by state-dict name. */
  tensors: Readonly<Record<string, Tensor>>;
  /** Batch statistics and dropout instead of running statistics. */
  training: boolean;
  /** Keys of the dropout masks: the cell's seed and a number of the batch. */
  seed: number;
  step: number;
  /** Names of what stays as it is: a batch norm whose running statistics are among them uses these in training, too. */
  frozen?: ReadonlySet<string>;
  /** Gets the new value of each running statistic by state-dict name; the callee owns it. */
  onRunning?: (name: string, value: Tensor) => void;
  /** Gets the features [N, D] that the last layer makes logits of; they stay the model's. */
  onFeatures?: (features: Tensor) => void;
}

/** A part of a model: the entries that it declares and what it does with its input. */
export interface Layer {
  readonly entries: readonly StateEntry[];
  forward(x: Tensor, context: ForwardContext): Tensor;
}

/** images [N, H, W, channels], normalized → logits [N, classes]. */
export type Model = Layer;

/** What a data set asks of a model. */
export interface ModelInput {
  channels: number;
  classes: number;
  /** Height and width. */
  imageSize: number;
}

/** Number of trained values. */
export function parameterCount(model: Model): number {
  return model.entries
    .filter(entry => entry.role === 'parameter')
    .reduce((sum, entry) => sum + entry.shape.reduce((product, side) => product * side, 1), 0);
}
