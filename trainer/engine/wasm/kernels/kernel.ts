import type { KernelFunc, NamedAttrMap, TensorInfo } from '@tensorflow/tfjs-core';
import type { TensorFlow } from '../../ops.js';
import type { Heap } from '../heap.js';

/** A kernel of TensorFlow.js on our heap. */
export type Kernel = (
  heap: Heap,
  inputs: Record<string, TensorInfo>,
  attributes: NamedAttrMap,
  tf: TensorFlow,
) => TensorInfo | TensorInfo[];

/** Registers kernels for the wasm backend, in place of its own if it has one of that name. */
export function registerKernels(tf: TensorFlow, heap: Heap, kernels: Record<string, Kernel>): void {
  for (const [kernelName, kernel] of Object.entries(kernels)) {
    if (tf.getKernel(kernelName, 'wasm')) tf.unregisterKernel(kernelName, 'wasm');
    tf.registerKernel({
      kernelName,
      backendName: 'wasm',
      kernelFunc: ({ inputs, attrs }) =>
        kernel(heap, inputs as Record<string, TensorInfo>, (attrs ?? {}) as NamedAttrMap, tf),
    });
  }
}

/** Registers a kernel of the wasm backend again, changed. */
export function adaptKernel(
  tf: TensorFlow,
  kernelName: string,
  adapt: (stock: KernelFunc) => KernelFunc,
): void {
  const stock = tf.getKernel(kernelName, 'wasm');
  if (!stock) throw new Error(`the wasm backend has no kernel ${kernelName}`);
  tf.unregisterKernel(kernelName, 'wasm');
  tf.registerKernel({ ...stock, kernelFunc: adapt(stock.kernelFunc) });
}
