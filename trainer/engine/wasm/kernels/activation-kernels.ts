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

/** x → [x · sigmoid(x), sigmoid(x)]; the sigmoid is XNNPACK's. */
const fusedSilu: Kernel = (heap, { x }, _, tf) => {
  const stock = tf.getKernel('Sigmoid', 'wasm').kernelFunc;
  const sigmoid = stock({ inputs: { x: x! }, attrs: {}, backend: tf.backend() }) as TensorInfo;
  const y = heap.output(x!.shape);
  heap.call.silu(1, sizeOf(y), heap.pointer(x!), heap.pointer(sigmoid), heap.pointer(y));
  return [y, sigmoid];
};

/** x, sigmoid(x), dy → dx */
const fusedSiluGradient: Kernel = (heap, { x, sigmoid, dy }) => {
  const dx = heap.output(x!.shape);
  const inputs = [x, sigmoid, dy].map(tensor => heap.pointer(tensor!));
  heap.call.siluGradient(1, sizeOf(dx), ...inputs, heap.pointer(dx));
  return dx;
};

/** x → x · min(max(x + 3, 0), 6) / 6 */
const fusedHardSwish: Kernel = (heap, { x }) => {
  const y = heap.output(x!.shape);
  heap.call.hardSwish(1, sizeOf(y), heap.pointer(x!), heap.pointer(y));
  return y;
};

/** x, dy → dx */
const fusedHardSwishGradient: Kernel = (heap, { x, dy }) => {
  const dx = heap.output(x!.shape);
  heap.call.hardSwishGradient(1, sizeOf(dx), heap.pointer(x!), heap.pointer(dy!), heap.pointer(dx));
  return dx;
};

export const activationKernels = {
  FusedRelu: fusedRelu,
  FusedAddRelu: fusedAddRelu,
  FusedReluGradient: fusedReluGradient,
  FusedSilu: fusedSilu,
  FusedSiluGradient: fusedSiluGradient,
  FusedHardSwish: fusedHardSwish,
  FusedHardSwishGradient: fusedHardSwishGradient,
} satisfies Record<string, Kernel>;
