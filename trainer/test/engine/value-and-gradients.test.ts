import { expect, it } from 'vitest';
import type { Tensor } from '../../engine/ops.js';
import { valueAndGradients } from '../../engine/value-and-gradients.js';
import { wasm } from './backends.js';

const { tf } = wasm;
const inputs = () => ({ a: tf.tensor1d([1, 2]), b: tf.tensor1d([3, 4]) }) as Record<string, Tensor>;
const product = ({ a, b }: Record<string, Tensor>) => ({
  loss: tf.sum(tf.mul(a!, b!)),
  aux: { twice: tf.mul(a!, 2), more: { square: tf.square(b!) } },
});

it('returns the loss, its scaled gradients by name, and the rest of what was computed', async () => {
  await tf.setBackend('wasm');
  const before = tf.memory().numTensors;
  const given = inputs();
  const aux = tf.tidy(() => {
    const made = valueAndGradients(tf, product, given, 0.5);
    expect([...made.value.dataSync()]).toEqual([11]);
    const gradients = Object.entries(made.gradients).map(([name, tensor]) => [name, ...tensor.dataSync()]);
    expect(gradients).toEqual([
      ['a', 1.5, 2],
      ['b', 0.5, 1],
    ]);
    return made.aux;
  });
  expect([...aux.twice.dataSync()]).toEqual([2, 4]);
  expect([...aux.more.square.dataSync()]).toEqual([9, 16]);
  tf.dispose([aux, given]);
  expect(tf.memory().numTensors).toBe(before);
});

it('disposes the rest where the way back fails', () => {
  const given = inputs();
  const failing = tf.customGrad(x => ({
    value: tf.sum(x as Tensor),
    gradFunc: () => {
      throw new Error('no way back');
    },
  }));
  let rest: Tensor[] = [];
  const loss = (tensors: Record<string, Tensor>) => {
    const { aux } = product(tensors);
    rest = [aux.twice, aux.more.square];
    return { loss: failing(tensors.a!), aux };
  };
  expect(() => valueAndGradients(tf, loss, { a: given.a!, b: given.b! })).toThrow('no way back');
  expect(rest.map(({ isDisposed }) => isDisposed)).toEqual([true, true]);
});
