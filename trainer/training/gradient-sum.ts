import type { Engine, VariableSet } from '../engine/engine.js';
import type { Tensor } from '../engine/ops.js';

/** Gradients by name, added up in place. */
export class GradientSum {
  #first: Record<string, Tensor> | null = null;
  #sum: VariableSet | null = null;

  constructor(private readonly engine: Engine) {}

  /** Takes over the gradients. */
  add(gradients: Record<string, Tensor>): void {
    if (this.#first === null && this.#sum === null) {
      // Most steps have no second batch, and a variable costs more than a tensor.
      this.#first = gradients;
      return;
    }
    const { tf, updates, variables } = this.engine;
    this.#sum ??= variables(this.#first!);
    this.#first = null;
    const scalars = new Map(Object.keys(gradients).map(name => [name, {}]));
    try {
      updates.apply('add', { parameters: this.#sum, slots: {} }, gradients, scalars);
    } finally {
      tf.dispose(gradients);
    }
  }

  /** They belong to the sum. */
  read(): Record<string, Tensor> {
    return this.#first ?? this.#sum?.read() ?? {};
  }

  /** Forgets everything. */
  clear(): void {
    if (this.#first !== null) this.engine.tf.dispose(this.#first);
    this.#sum?.dispose();
    this.#first = null;
    this.#sum = null;
  }
}
