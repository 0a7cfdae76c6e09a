import type { Engine, VariableSet } from '../engine/engine.js';
import type { Tensor } from '../engine/ops.js';

/** The gradients of a step's batches, added up in place. */
export class GradientSum {
  /** Of the step that is not yet taken. */
  batches = 0;
  #images = 0;
  #first: Record<string, Tensor> | null = null;
  #sum: VariableSet | null = null;

  constructor(
    private readonly engine: Engine,
    private readonly step: { accumulate: number; batchSize: number },
  ) {}

  get isFull(): boolean {
    return this.batches === this.step.accumulate;
  }

  /** What the mean loss of a batch counts in that of a full step. */
  shareOf({ size }: { size: number }): number {
    return this.step.accumulate === 1 ? 1 : size / this.#fullImages;
  }

  /** Takes over the gradients of so many images. */
  add(gradients: Record<string, Tensor>, images: number): void {
    if (this.batches === 0)
      // Most steps have no second batch, and a variable costs more than a tensor.
      this.#first = gradients;
    else this.#addTo(gradients);
    this.batches += 1;
    this.#images += images;
  }

  /** They belong to the sum. */
  read(): Record<string, Tensor> {
    return this.#first ?? this.#sum?.read() ?? {};
  }

  /** Those of the images' mean loss from these, in which the images of a full step are the whole; in the surrounding `tidy`. */
  mean(gradients: Record<string, Tensor>): Record<string, Tensor> {
    if (this.step.accumulate === 1 || this.#images === this.#fullImages) return gradients;
    const factor = this.#fullImages / this.#images;
    return Object.fromEntries(
      Object.entries(gradients).map(([name, value]) => [name, this.engine.tf.mul(value, factor)]),
    );
  }

  /** Forgets everything. */
  clear(): void {
    if (this.#first !== null) this.engine.tf.dispose(this.#first);
    this.#sum?.dispose();
    this.#first = null;
    this.#sum = null;
    this.batches = 0;
    this.#images = 0;
  }

  get #fullImages(): number {
    return this.step.accumulate * this.step.batchSize;
  }

  #addTo(gradients: Record<string, Tensor>): void {
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
}
