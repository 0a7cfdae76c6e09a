/**
 * tfjs-node's backend with what it lacks: tensors in half precision, small integer tensors that stay, operations that can be timed.
 * It is a subclass, which is registered in the place of the add-on's own.
 */
import type { Tensor, TensorFlow } from '../ops.js';
import { addonPackage, addonVersion } from './engine-cache.js';
import { type Attribute, type NativeBackend, nativeBackend } from './kernels.js';
import { HalfTensors } from './precision/half-tensors.js';
import { SmallIntegers } from './small-integers.js';

/** Runs a kernel of that name; must return what it returns. */
export type AroundKernel = <T>(name: string, run: () => T) => T;

interface ExtendedBackend extends NativeBackend {
  /** From the first call on, operations take over the precision of their operands. */
  readonly halves: HalfTensors;
  /** Has every operation and copy run inside of `around`, until the returned function is called. */
  aroundOperations(around: AroundKernel): () => void;
}

type BackendClass<B> = new (binding: NativeBackend['binding'], packageName: string) => B;

/** Methods that are overridden or relied on. The add-on promises none of them. */
const methods = [
  'createOutputTensor',
  'getInputTensorIds',
  'executeSingleOutput',
  'executeMultipleOutputs',
  'readSync',
  'disposeData',
] as const satisfies readonly (keyof NativeBackend)[];

const extendedBackends = new WeakSet<NativeBackend>();

/** @throws Error where the add-on's backend isn't as it is known to be */
export async function extendBackend(tf: TensorFlow): Promise<void> {
  const stock = nativeBackend(tf);
  if (extendedBackends.has(stock)) return;
  const missing = missingOf(stock);
  if (missing.length > 0)
    throw new Error(
      `the backend of ${addonPackage} has no ${missing.join(', ')}: expected version ${addonVersion}; \`grid setup\` builds it`,
    );
  const name = tf.getBackend();
  const Extended = extended(stock.constructor as BackendClass<NativeBackend>);
  const backend = new Extended(stock.binding, addonPackage);
  extendedBackends.add(backend);
  tf.removeBackend(name);
  tf.registerBackend(name, () => backend as never);
  await tf.setBackend(name);
}

/** What of the add-on's backend isn't there. */
export function missingOf(backend: Partial<NativeBackend>): string[] {
  const { binding, tensorMap } = backend;
  return [
    ...methods.filter(method => typeof backend[method] !== 'function'),
    ...(typeof tensorMap?.get === 'function' ? [] : ['tensorMap']),
    ...(['createTensor', 'deleteTensor', 'executeOp'] as const)
      .filter(name => typeof binding?.[name] !== 'function')
      .map(name => `binding.${name}`),
  ];
}

/** That of a loaded engine. */
export const extendedBackend = (tf: TensorFlow): ExtendedBackend => nativeBackend(tf) as ExtendedBackend;

function extended(Stock: BackendClass<NativeBackend>): BackendClass<ExtendedBackend> {
  return class extends Stock implements ExtendedBackend {
    readonly #integers = new SmallIntegers(this);
    #halves: HalfTensors | undefined;

    get halves(): HalfTensors {
      this.#halves ??= new HalfTensors(this);
      return this.#halves;
    }

    override getInputTensorIds(tensors: readonly Tensor[]): number[] {
      if (this.#halves !== undefined) for (const { dataId } of tensors) this.#halves.raise(dataId);
      this.#integers.makeRoom();
      return tensors.map(tensor => this.#integers.idOf(tensor) ?? super.getInputTensorIds([tensor])[0]!);
    }

    override readSync(dataId: object): unknown {
      this.#halves?.raise(dataId);
      return super.readSync(dataId);
    }

    override disposeData(dataId: object, force?: boolean): boolean {
      const gone = super.disposeData(dataId, force);
      if (gone) this.#halves?.forget(dataId);
      return gone;
    }

    override executeSingleOutput(
      name: string,
      attributes: readonly Attribute[],
      inputs: readonly Tensor[],
    ): Tensor {
      const half = this.#halves?.inherited(name, inputs);
      if (half === undefined) return super.executeSingleOutput(name, attributes, inputs);
      return this.halves.run(half.rule, half.type, name, attributes, inputs, 1)[0]!;
    }

    override executeMultipleOutputs(
      name: string,
      attributes: readonly Attribute[],
      inputs: readonly Tensor[],
      outputs: number,
    ): Tensor[] {
      const half = this.#halves?.inherited(name, inputs);
      if (half === undefined) return super.executeMultipleOutputs(name, attributes, inputs, outputs);
      return this.halves.run(half.rule, half.type, name, attributes, inputs, outputs);
    }

    aroundOperations(around: AroundKernel): () => void {
      const { binding } = this;
      // Its own functions can't be overwritten.
      this.binding = Object.create(binding, {
        executeOp: {
          value: (...args: Parameters<typeof binding.executeOp>) =>
            around(args[0], () => binding.executeOp(...args)),
        },
        createTensor: {
          value: (...args: Parameters<typeof binding.createTensor>) =>
            around('(copy to the engine)', () => binding.createTensor(...args)),
        },
      });
      return () => {
        this.binding = binding;
      };
    }
  };
}
