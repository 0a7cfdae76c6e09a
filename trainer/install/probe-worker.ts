/** `probe-worker.js ENGINE`: loads it, runs an operation on it and prints its EngineInfo and precisions as JSON. */
import type { EngineName } from '../contract/events.js';
import { loadEngine } from '../engine/load-engine.js';

const engine = await loadEngine(process.argv[2] as EngineName, { threads: 1 });
const { tf, ops } = engine;
const sums = ops.conv2d(tf.ones([1, 3, 3, 1]), tf.ones([3, 3, 1, 1]), { stride: 1, padding: 1 });
const expected = [4, 6, 4, 6, 9, 6, 4, 6, 4];
if (!tf.util.arraysEqual([...sums.dataSync()], expected))
  throw new Error(`a 3×3 convolution of ones gave ${sums.dataSync()}, expected ${expected}`);
process.stdout.write(`${JSON.stringify({ ...engine.info, precisions: engine.precisions })}\n`);
