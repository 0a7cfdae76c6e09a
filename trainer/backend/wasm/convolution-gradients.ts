import type { KernelConfig, NamedAttrMap, Tensor4D, TensorInfo } from '@tensorflow/tfjs-core';
import type { TensorFlow } from '../ops.js';

/** Registers the gradients of Conv2D, composed of forward convolutions and matrix products. */
export function registerConvolutionGradients(tf: TensorFlow): void {
  const convInfo = (x: number[], filter: number[], attrs: NamedAttrMap) =>
    tf.backend_util.computeConv2DInfo(
      x as never,
      filter as never,
      attrs['strides'] as number,
      (attrs['dilations'] as number) ?? 1,
      attrs['pad'] as number,
      attrs['dimRoundingMode'] as 'floor',
    );
  const register = (
    kernelName: string,
    compute: (inputs: Record<string, Tensor4D>, attrs: NamedAttrMap) => Tensor4D,
  ) => {
    if (tf.getKernel(kernelName, 'wasm')) tf.unregisterKernel(kernelName, 'wasm');
    tf.registerKernel({
      kernelName,
      backendName: 'wasm',
      kernelFunc: ({ inputs, attrs }) => {
        const result = tf.tidy(() => {
          const tensors = Object.fromEntries(
            Object.entries(inputs).map(([name, info]) => {
              const tensor = tf.engine().makeTensorFromTensorInfo(info as TensorInfo);
              tf.engine().backend.incRef(tensor.dataId);
              return [name, tensor as Tensor4D];
            }),
          );
          return compute(tensors, attrs as NamedAttrMap);
        });
        tf.engine().backend.incRef(result.dataId);
        const info = { dataId: result.dataId, shape: result.shape, dtype: result.dtype };
        result.dispose();
        return info;
      },
    } as KernelConfig);
  };

  register('Conv2DBackpropFilter', ({ x, dy }, attrs) => {
    const shape = attrs['filterShape'] as [number, number, number, number];
    const info = convInfo(x!.shape, shape, attrs);
    const { top, bottom, left, right } = info.padInfo;
    const padded = tf.pad(x!, [
      [0, 0],
      [top, bottom + info.strideHeight],
      [left, right + info.strideWidth],
      [0, 0],
    ]);
    const flat = tf.reshape(dy!, [-1, info.outChannels]);
    const taps = [];
    for (let row = 0; row < info.filterHeight; row++)
      for (let column = 0; column < info.filterWidth; column++) {
        const from = [0, row * info.dilationHeight, column * info.dilationWidth, 0];
        const to = [
          info.batchSize,
          from[1]! + (info.outHeight - 1) * info.strideHeight + 1,
          from[2]! + (info.outWidth - 1) * info.strideWidth + 1,
          info.inChannels,
        ];
        const shifted = tf.stridedSlice(padded, from, to, [1, info.strideHeight, info.strideWidth, 1]);
        taps.push(tf.matMul(tf.transpose(tf.reshape(shifted, [-1, info.inChannels])), flat));
      }
    return tf.reshape(tf.stack(taps), shape);
  });
}
