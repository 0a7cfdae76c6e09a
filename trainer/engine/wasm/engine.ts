import { createRequire } from 'node:module';
import path from 'node:path';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm/dist/backend_wasm.js';
import type { Engine } from '../engine.js';
import type { TensorFlow } from '../ops.js';
import { float32Alone } from '../reference/float32-alone.js';
import { createGenericOps } from '../reference/generic-ops.js';
import { createGenericUpdates } from '../reference/generic-updates.js';
import { createPlainVariables } from '../reference/plain-variables.js';
import { guardBackend } from './backend.js';
import { registerFusedGradients } from './fused-gradients.js';
import { registerGradients } from './gradients.js';
import { createHeap } from './heap.js';
import { activationKernels } from './kernels/activation-kernels.js';
import { batchNormKernels } from './kernels/batch-norm-kernels.js';
import { convolutionKernels } from './kernels/convolution-kernels.js';
import { depthwiseKernels } from './kernels/depthwise-kernels.js';
import { geluKernels } from './kernels/gelu-kernels.js';
import { adaptKernel, registerKernels } from './kernels/kernel.js';
import { layerNormKernels } from './kernels/layer-norm-kernels.js';
import { matrixKernels, withoutTransposes } from './kernels/matrix-kernels.js';
import { poolingKernels } from './kernels/pooling-kernels.js';
import { gatherOfRows, transposeOfRows } from './kernels/row-kernels.js';
import { segmentKernels } from './kernels/segment-kernels.js';
import { createWasmOps } from './ops.js';
import { createWasmUpdates } from './updates.js';

const require = createRequire(import.meta.url);

/**
 * TensorFlow.js on WebAssembly with SIMD. It needs nothing but its npm package.
 *
 * TensorFlow.js can't start its threaded build in Node (tensorflow/tfjs#3830): whatever `threads` says, one is used,
 * and `info.device` says so. Several processes use several cores, and better.
 */
export async function loadWasmEngine(_options: { threads: number }): Promise<Engine> {
  const tf = require('@tensorflow/tfjs-core') as TensorFlow;
  const wasm = require('@tensorflow/tfjs-backend-wasm') as typeof import('@tensorflow/tfjs-backend-wasm');
  const folder = path.join(path.dirname(require.resolve('@tensorflow/tfjs-backend-wasm')), '../wasm-out/');
  wasm.setWasmPaths(folder);
  guardBackend(tf, wasm.BackendWasm);
  if (!(await tf.setBackend('wasm'))) throw new Error(`the WebAssembly backend did not start from ${folder}`);
  registerGradients(tf);
  const heap = createHeap(tf.backend() as BackendWasm);
  registerFusedGradients(tf);
  registerKernels(tf, heap, {
    ...activationKernels,
    ...batchNormKernels,
    ...convolutionKernels,
    ...depthwiseKernels,
    ...geluKernels,
    ...layerNormKernels,
    ...matrixKernels,
    ...poolingKernels,
    ...segmentKernels,
  });
  adaptKernel(tf, 'Transpose', transposeOfRows(heap));
  adaptKernel(tf, 'GatherV2', gatherOfRows(heap));
  const transpose = tf.getKernel('Transpose', 'wasm').kernelFunc;
  adaptKernel(tf, '_FusedMatMul', stock => withoutTransposes(stock, transpose));
  return {
    info: { name: 'wasm', version: `tfjs-backend-wasm ${wasm.version_wasm}`, device: 'cpu x1 thread' },
    tf,
    ops: createWasmOps(tf),
    updates: createWasmUpdates(tf, heap),
    variables: createPlainVariables(tf),
    ...float32Alone,
  };
}

/** TensorFlow.js in plain JavaScript: slow, and the reference that kernels are tested against. */
export async function loadCpuEngine(): Promise<Engine> {
  const tf = require('@tensorflow/tfjs-core') as TensorFlow;
  const cpu = require('@tensorflow/tfjs-backend-cpu') as typeof import('@tensorflow/tfjs-backend-cpu');
  if (!(await tf.setBackend('cpu'))) throw new Error('the JavaScript backend did not start');
  registerGradients(tf);
  return {
    info: { name: 'cpu', version: `tfjs-backend-cpu ${cpu.version_cpu}`, device: 'cpu x1 thread' },
    tf,
    ops: createGenericOps(tf),
    updates: createGenericUpdates(tf),
    variables: createPlainVariables(tf),
    ...float32Alone,
  };
}
