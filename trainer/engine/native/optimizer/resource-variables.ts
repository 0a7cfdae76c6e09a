import type { VariableSet } from '../../engine.js';
import type { Tensor, TensorFlow } from '../../ops.js';
import { type Kernels, shapeAttribute, stringAttribute, typeAttribute } from '../kernels.js';

/** TensorFlow's name for a variable that its handle owns: nothing else can name it, and it dies with the handle. */
const anonymousName = 'cd2c89b7-88b7-44c8-ad83-06c2a9158347';
const dataType = typeAttribute('dtype', 'float32');

/** Variables in TensorFlow's own memory, so that the `ResourceApply…` kernels update them in place. */
export class ResourceVariableSet implements VariableSet {
  readonly names: readonly string[];
  readonly #kernels: Kernels;
  readonly #handles = new Map<string, { handle: Tensor; shape: readonly number[] }>();
  /** What was read since the last update. A variable is updated in place only while no reader shares its memory. */
  readonly #values = new Map<string, Tensor>();
  readonly #tf: TensorFlow;

  constructor(tf: TensorFlow, kernels: Kernels, initial: Record<string, Tensor>) {
    this.#tf = tf;
    this.#kernels = kernels;
    this.names = Object.keys(initial);
    for (const [name, value] of Object.entries(initial)) {
      const handle = kernels.run(
        'VarHandleOp',
        [dataType, shapeAttribute('shape', value.shape), stringAttribute('shared_name', anonymousName)],
        [],
      );
      this.#handles.set(name, { handle: tf.keep(handle), shape: value.shape });
      this.assign(name, value);
    }
  }

  read(): Record<string, Tensor> {
    return Object.fromEntries(this.names.map(name => [name, this.value(name)]));
  }

  /** The current value; as those of `read`. */
  value(name: string): Tensor {
    let value = this.#values.get(name);
    if (!value) {
      value = this.#tf.keep(this.#kernels.run('ReadVariableOp', [dataType], [this.handle(name)]));
      this.#values.set(name, value);
    }
    return value;
  }

  assign(name: string, value: Tensor): void {
    const { shape } = this.#entry(name);
    if (!this.#tf.util.arraysEqual(shape as number[], value.shape))
      throw new Error(`variable ${name} has shape [${shape}], got a value of shape [${value.shape}]`);
    this.release(name);
    this.#kernels.runMany('AssignVariableOp', [dataType], [this.handle(name), value], 0);
    value.dispose();
  }

  /** The resource that an update kernel takes; call `release` first, so that it works in place. */
  handle(name: string): Tensor {
    return this.#entry(name).handle;
  }

  /** Gives up the tensor that `read` handed out for this name. */
  release(name: string): void {
    this.#values.get(name)?.dispose();
    this.#values.delete(name);
  }

  dispose(): void {
    for (const [name, { handle }] of this.#handles) {
      this.release(name);
      handle.dispose();
    }
    this.#handles.clear();
  }

  #entry(name: string) {
    const entry = this.#handles.get(name);
    if (!entry) throw new Error(`unknown variable ${name}; there are ${this.names.join(', ')}`);
    return entry;
  }
}
