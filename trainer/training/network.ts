/** A model's tensors on an engine: what a run trains, evaluates and saves. */

import type { Safetensors } from '../checkpoints/safetensors.js';
import { fromStateDict } from '../checkpoints/state-dict.js';
import type { Engine, VariableSet } from '../engine/engine.js';
import type { Tensor } from '../engine/ops.js';
import type { ForwardContext, Model, StateEntry } from '../models/model.js';

/** Parameters and buffers live in two sets, since the optimizer updates the first in place. */
export class Network {
  readonly parameters: VariableSet;
  readonly buffers: VariableSet;

  /** Names of the parameters that are trained. */
  readonly trainable: readonly string[];

  /**
   * `values`: parameters and buffers by state-dict name, in the trainer's layout. What is `frozen` gets no gradient; batch
   * norms with frozen statistics use these instead of the batch's.
   */
  constructor(
    readonly model: Model,
    private readonly engine: Engine,
    values: Readonly<Record<string, Float32Array>>,
    readonly frozen: ReadonlySet<string> = new Set(),
  ) {
    const tensors = (role: StateEntry['role']) =>
      Object.fromEntries(
        model.entries
          .filter(entry => entry.role === role)
          .map(({ name, shape }) => [name, engine.tf.tensor(values[name]!, [...shape], 'float32')]),
      );
    this.parameters = engine.variables(tensors('parameter'));
    this.buffers = engine.variables(tensors('buffer'));
    this.trainable = this.parameters.names.filter(name => !frozen.has(name));
  }

  /** With the weights of a file; `where` names it in errors. */
  static fromWeights(model: Model, engine: Engine, weights: Safetensors, where: string): Network {
    return new Network(model, engine, fromStateDict(model.entries, weights, where));
  }

  /** Parameters and buffers of this moment; they belong to the sets. */
  tensors(): Record<string, Tensor> {
    return { ...this.parameters.read(), ...this.buffers.read() };
  }

  /** The trained parameters of this moment; likewise. */
  trainedTensors(): Record<string, Tensor> {
    return Object.fromEntries(this.trainable.map(name => [name, this.parameters.value(name)]));
  }

  /** images [N, H, W, C] → logits [N, classes] with the running statistics. */
  evaluate(images: Tensor): Tensor {
    return this.#forward(images, { tensors: this.tensors(), training: false, seed: 0, step: 0 });
  }

  /** The same, and the features [N, D] that the last linear layer makes logits of. */
  evaluateWithFeatures(images: Tensor): { logits: Tensor; features: Tensor } {
    let features = images;
    const onFeatures = (x: Tensor) => {
      features = x;
    };
    const logits = this.#forward(images, {
      tensors: this.tensors(),
      training: false,
      seed: 0,
      step: 0,
      onFeatures,
    });
    return { logits, features };
  }

  /**
   * Logits with batch statistics and dropout, by the given tensors (so that they can be differentiated), and the new running
   * statistics by name, which belong to the caller. `ops` stand in for the engine's.
   */
  train(
    images: Tensor,
    options: Pick<ForwardContext, 'tensors' | 'seed' | 'step'> & Partial<Pick<ForwardContext, 'ops'>>,
  ): { logits: Tensor; running: Record<string, Tensor> } {
    const running: Record<string, Tensor> = {};
    const onRunning = (name: string, value: Tensor) => {
      running[name] = value;
    };
    try {
      return { logits: this.#forward(images, { ...options, onRunning, training: true }), running };
    } catch (error) {
      this.engine.tf.dispose(running);
      throw error;
    }
  }

  /** Values of all parameters and buffers, read back from the device. */
  async values(): Promise<Record<string, Float32Array>> {
    return readBack(this.tensors());
  }

  dispose(): void {
    this.parameters.dispose();
    this.buffers.dispose();
  }

  #forward(
    images: Tensor,
    context: Omit<ForwardContext, 'tf' | 'ops' | 'frozen'> & Partial<Pick<ForwardContext, 'ops'>>,
  ): Tensor {
    const { frozen } = this;
    return this.model.forward(images, { tf: this.engine.tf, ops: this.engine.ops, frozen, ...context });
  }
}

/** The values of float32 tensors by the same names. */
export async function readBack(
  tensors: Readonly<Record<string, Tensor>>,
): Promise<Record<string, Float32Array>> {
  const values: Record<string, Float32Array> = {};
  for (const [name, tensor] of Object.entries(tensors)) values[name] = (await tensor.data()) as Float32Array;
  return values;
}
