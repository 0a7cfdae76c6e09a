/** `training-hash-worker.js ENGINE PRECISION`: trains a small ResNet-18 for three steps and prints a hash of all its weights. */
import { createHash } from 'node:crypto';
import { createTrainStep } from '../../bench/train-step.js';
import type { EngineName } from '../../contract/events.js';
import type { Precision } from '../../contract/run-spec.js';
import { loadEngine } from '../../engine/load-engine.js';

const [name, precision] = process.argv.slice(2) as [EngineName, Precision];
const engine = (await loadEngine(name, { threads: 1 })).withPrecision(precision);
const { step, parameters } = createTrainStep(
  engine,
  { name: 'resnet18', width: 16 },
  { batchSize: 8, imageSize: 40, classes: 10 },
);
for (let index = 0; index < 3; index++) step();
const hash = createHash('sha256');
for (const value of Object.values(parameters.read())) hash.update(value.dataSync() as Float32Array);
process.stdout.write(hash.digest('hex'));
