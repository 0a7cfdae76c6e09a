/**
 * `engine-worker.js ENGINE TASK PRECISION` (TASK: a model's name for its training step, or an optimizer's): answers each number N on stdin with the milliseconds (of the clock and of the CPU) of N steps and the peak memory,
 * as JSON. Loads the engine first and answers `{ready}`.
 */
import { createInterface } from 'node:readline';
import { describeCpu } from '../contract/cpu-features.js';
import type { EngineName } from '../contract/events.js';
import { type ModelName, type OptimizerName, optimizers } from '../contract/params.js';
import type { Precision } from '../contract/run-spec.js';
import { loadEngine } from '../engine/load-engine.js';
import { createOptimizerStep } from './optimizer-step.js';
import { createTrainStep } from './train-step.js';

const [name, task, precision] = process.argv.slice(2) as [EngineName, string, Precision];
const engine = (await loadEngine(name, { threads: 1 })).withPrecision(precision);
const { step } = Object.hasOwn(optimizers, task)
  ? createOptimizerStep(engine, task as OptimizerName)
  : createTrainStep(engine, { name: task as ModelName }, { batchSize: 64, imageSize: 40, classes: 200 });

const answer = (value: unknown) => process.stdout.write(`${JSON.stringify(value)}\n`);
const cpu = engine.info.cpu ? ` (${describeCpu(engine.info.cpu)})` : '';
answer({ ready: `${engine.info.version}, ${engine.info.device}${cpu}` });
for await (const line of createInterface({ input: process.stdin })) {
  const steps = Array.from({ length: Number(line) }, () => {
    const start = performance.now();
    const before = process.cpuUsage();
    step();
    const { user, system } = process.cpuUsage(before);
    return { wall: performance.now() - start, cpu: (user + system) / 1e3 };
  });
  answer({
    milliseconds: steps.map(({ wall }) => wall),
    cpuMilliseconds: steps.map(({ cpu }) => cpu),
    peakMegabytes: process.resourceUsage().maxRSS / 1024,
  });
}
