/** GFLOP/s of the embedded engine's convolutions and matrix products, before (TensorFlow.js's own) and after. */
import { createRequire } from 'node:module';
import { cpus } from 'node:os';
import type { NamedAttrMap, NamedTensorMap, TensorInfo } from '@tensorflow/tfjs-core';
import type { TensorFlow } from '../engine/ops.js';
import { loadWasmEngine } from '../engine/wasm/engine.js';

const names = ['Conv2D', 'Conv2DBackpropInput', 'Conv2DBackpropFilter', 'BatchMatMul'] as const;
const require = createRequire(import.meta.url);
require('@tensorflow/tfjs-backend-wasm');
const stock = new Map(
  names.map(name => [name, (require('@tensorflow/tfjs-core') as TensorFlow).getKernel(name, 'wasm')]),
);
const { tf } = await loadWasmEngine({ threads: 1 });
const repeats = 5;

/** Median GFLOP/s in CPU time, so that other processes disturb it less. */
function speed(flops: number, run: () => void): string {
  for (let warm = 0; warm < 3; warm++) run();
  const seconds = Array.from({ length: repeats }, () => {
    const start = process.cpuUsage();
    run();
    const { user, system } = process.cpuUsage(start);
    return (user + system) / 1e6;
  }).sort((a, b) => a - b);
  return (flops / 1e9 / seconds[Math.floor(repeats / 2)]!).toFixed(1);
}

const rows: Record<string, string>[] = [];
function compare(
  name: (typeof names)[number],
  label: string,
  flops: number,
  inputs: NamedTensorMap,
  attrs: NamedAttrMap,
) {
  const backend = tf.backend();
  const own = tf.getKernel(name, 'wasm');
  const run = (kernel: typeof own) => () => {
    const result = kernel.kernelFunc({ inputs, attrs, backend }) as TensorInfo;
    backend.disposeData(result.dataId);
  };
  const before = stock.get(name);
  rows.push({
    kernel: name,
    case: label,
    before: before ? speed(flops, run(before)) : 'missing',
    after: speed(flops, run(own)),
  });
}

// [image, kernel, input, output, stride]: the layers of ResNet-18 on 40×40 images, batch 64.
for (const [image, kernel, input, output, stride] of [
  [40, 7, 3, 64, 2],
  [10, 3, 64, 64, 1],
  [10, 3, 64, 128, 2],
  [5, 3, 128, 128, 1],
  [3, 3, 256, 256, 1],
  [2, 3, 512, 512, 1],
] as const) {
  const x = tf.randomUniform([64, image, image, input]);
  const filter = tf.randomUniform([kernel, kernel, input, output]);
  const attributes = { strides: stride, pad: (kernel - 1) / 2, dilations: 1, dataFormat: 'NHWC' };
  const size = Math.ceil(image / stride);
  const dy = tf.randomUniform([64, size, size, output]);
  const flops = 2 * dy.size * kernel * kernel * input;
  const label = `${image}×${image}, ${kernel}×${kernel}/${stride}, ${input} → ${output}`;
  compare('Conv2D', label, flops, { x, filter }, attributes);
  compare('Conv2DBackpropInput', label, flops, { dy, filter }, { ...attributes, inputShape: x.shape });
  compare('Conv2DBackpropFilter', label, flops, { x, dy }, { ...attributes, filterShape: filter.shape });
  tf.dispose([x, filter, dy]);
}
for (const transposeA of [false, true])
  for (const transposeB of [false, true]) {
    const size = 384;
    const [a, b] = [tf.randomUniform([1, size, size]), tf.randomUniform([1, size, size])];
    const label = `${size}³${transposeA ? ', a transposed' : ''}${transposeB ? ', b transposed' : ''}`;
    compare('BatchMatMul', label, 2 * size ** 3, { a, b }, { transposeA, transposeB });
    tf.dispose([a, b]);
  }

console.log(
  `GFLOP/s, one thread, batch 64, median of ${repeats}; ${cpus()[0]?.model}, Node ${process.version}`,
);
console.table(rows);
