/** What the trainer asks of an engine: TensorFlow.js on one of its backends, with our operations on top. */
import type { EngineInfo } from '../contract/events.js';
import type { Ops, Tensor, TensorFlow } from './ops.js';

/**
 * Named tensors that live across steps: weights, running statistics, an optimizer's state. The native engine
 * keeps them in TensorFlow's resource variables so that its fused updates work in place.
 */
export interface VariableSet {
  /** In the order in which they were created. */
  readonly names: readonly string[];
  /** The current values. They belong to the set: valid until its next update or assignment; not to be disposed. */
  read(): Record<string, Tensor>;
  /** Takes over `value`: the set disposes it. Throws on an unknown name or another shape. */
  assign(name: string, value: Tensor): void;
  dispose(): void;
}

/** One optimizer step over all tensors of a set, in place; `gradients` by the names of `parameters`. */
export interface Updates {
  /** `momentumBuffers` is null without momentum. torch.optim.SGD. */
  sgd(
    parameters: VariableSet,
    momentumBuffers: VariableSet | null,
    gradients: Record<string, Tensor>,
    options: {
      learningRate: number;
      momentum: number;
      dampening: number;
      nesterov: boolean;
      weightDecay: number;
      /** First step: the momentum buffer becomes the gradient itself (no dampening). */
      first: boolean;
    },
  ): void;
  /** torch.optim.Adam; with `decoupled` weight decay it is AdamW. `step` is 1-based. */
  adam(
    parameters: VariableSet,
    moments: { first: VariableSet; second: VariableSet },
    gradients: Record<string, Tensor>,
    options: {
      step: number;
      learningRate: number;
      betas: readonly [number, number];
      epsilon: number;
      weightDecay: number;
      decoupled: boolean;
    },
  ): void;
}

export interface Engine {
  info: EngineInfo;
  tf: TensorFlow;
  ops: Ops;
  updates: Updates;
  /** Takes over the tensors. */
  variables(initial: Record<string, Tensor>): VariableSet;
}
