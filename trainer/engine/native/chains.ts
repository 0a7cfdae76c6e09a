/**
 * Operations in a row whose intermediate results TensorFlow.js doesn't get to know: its own accounts of a tensor cost as
 * much as a small kernel, and a reshape through it even more.
 */
import type { Tensor, TensorFlow } from '../ops.js';
import type { Id } from './blocks.js';
import { type Attribute, float32, nativeBackend, typeAttribute } from './kernels.js';

export interface Chain {
  /** The only output of an operation. */
  run(name: string, inputs: readonly Id[], attributes?: readonly Attribute[]): Id;
  runMany(name: string, inputs: readonly Id[], attributes: readonly Attribute[], outputs: number): Id[];
  reshape(x: Id, shape: readonly number[]): Id;
  /** A tensor full of one number, which all chains share. */
  filled(shape: readonly number[], value: number): Id;
}

/** The results, whose ids `compute` returns; everything else that it makes is deleted. Not differentiable. */
export type Chains = (inputs: readonly Tensor[], compute: (chain: Chain, inputs: Id[]) => Id[]) => Tensor[];

export function createChains(tf: TensorFlow): Chains {
  const backend = nativeBackend(tf);
  const shared = new Map<string, Id>();
  const reshapeAttributes = [float32, typeAttribute('Tshape', 'int32')];

  function constant(key: string, create: () => Id): Id {
    const id = shared.get(key) ?? create();
    shared.set(key, id);
    return id;
  }
  const shapeTensor = (shape: readonly number[]) =>
    constant(`shape ${shape}`, () => backend.binding.createTensor([shape.length], 3, Int32Array.from(shape)));
  const filled: Chain['filled'] = (shape, value) =>
    constant(`${shape} of ${value}`, () => {
      const size = shape.reduce((product, side) => product * side, 1);
      return backend.binding.createTensor(shape, 1, new Float32Array(size).fill(value));
    });

  return (inputs, compute) => {
    const made = new Map<Id, ReturnType<typeof backend.binding.executeOp>[number]>();
    const runMany: Chain['runMany'] = (name, operands, attributes, outputs) =>
      backend.binding.executeOp(name, attributes, operands, outputs).map(output => {
        made.set(output.id, output);
        return output.id;
      });
    const run: Chain['run'] = (name, operands, attributes = [float32]) =>
      runMany(name, operands, attributes, 1)[0]!;
    const reshape: Chain['reshape'] = (x, shape) =>
      run('Reshape', [x, shapeTensor(shape)], reshapeAttributes);
    const chain = { run, runMany, reshape, filled };
    const results = compute(chain, backend.getInputTensorIds(inputs)).map(id => {
      const info = made.get(id)!;
      made.delete(id);
      return backend.createOutputTensor(info);
    });
    for (const id of made.keys()) backend.binding.deleteTensor(id);
    return results;
  };
}
