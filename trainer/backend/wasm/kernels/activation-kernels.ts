import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { Kernel } from './kernel.js';

const sizeOf = (tensor: TensorInfo) => tensor.shape.reduce((product, size) => product * size, 1);

/** x → max(x, 0) */
const fusedRelu: Kernel = (heap, { x }) => {
  const y = heap.output(x!.shape);
  heap.call.relu(1, sizeOf(y), heap.pointer(x!), heap.pointer(y));
  return y;
};

/** x, y of one shape → max(x + y, 0) */
const fusedAddRelu: Kernel = (heap, { x, y }) => {
  const z = heap.output(x!.shape);
  heap.call.addRelu(1, sizeOf(z), heap.pointer(x!), heap.pointer(y!), heap.pointer(z));
  return z;
};

/** y = max(…, 0), dy → dy where y > 0 */
const fusedReluGradient: Kernel = (heap, { y, dy }) => {
  const dx = heap.output(y!.shape);
  heap.call.reluGradient(1, sizeOf(dx), heap.pointer(y!), heap.pointer(dy!), heap.pointer(dx));
  return dx;
};

export const activationKernels = {
  FusedRelu: fusedRelu,
  FusedAddRelu: fusedAddRelu,
  FusedReluGradient: fusedReluGradient,
} satisfies Record<string, Kernel>;
