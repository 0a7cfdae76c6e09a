/** What the trainer asks of an engine: TensorFlow.js on one of its backends, with our operations on top. */
import type { EngineInfo } from '../contract/events.js';
import type { Precision } from '../contract/run-spec.js';
import type { Ops, Tensor, TensorFlow } from './ops.js';
import type { RuleName, Scalars, SlotOf } from './update-rules/all.js';

/**
 * Named tensors that live across steps: weights, running statistics, an optimizer's state. The native engine
 * keeps them in TensorFlow's resource variables so that its fused updates work in place.
 */
export interface VariableSet {
  /** In the order in which they were created. */
  readonly names: readonly string[];
  /** The current values. They belong to the set: valid until its next update or assignment; not to be disposed. */
  read(): Record<string, Tensor>;
  /** One of them. Throws on an unknown name. */
  value(name: string): Tensor;
  /** Takes over `value`: the set disposes it. Throws on an unknown name or another shape. */
  assign(name: string, value: Tensor): void;
  dispose(): void;
}

/** A parameter set and what an optimizer keeps beside it, under the parameters' names. */
export interface UpdateTarget<Slot extends string> {
  parameters: VariableSet;
  slots: Record<Slot, VariableSet>;
}

export interface Updates {
  /**
   * One step of a rule, in place, for each parameter named in `scalars`, with its values of the rule's scalars. The
   * gradients stay the caller's. Throws where one is missing.
   */
  apply<Name extends RuleName>(
    rule: Name,
    target: UpdateTarget<SlotOf<Name>>,
    gradients: Record<string, Tensor>,
    scalars: ReadonlyMap<string, Scalars<Name>>,
  ): void;
}

export interface Engine {
  info: EngineInfo;
  tf: TensorFlow;
  ops: Ops;
  updates: Updates;
  /** Takes over the tensors. */
  variables(initial: Record<string, Tensor>): VariableSet;
  /** Number formats of products that the engine and its device have. */
  precisions: readonly Precision[];
  /** The same engine with products in this format. Throws where it lacks it, and says what it has. */
  withPrecision(precision: Precision): Engine;
}
