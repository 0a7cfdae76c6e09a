/** A program for wasm-training.test.ts: trains a few steps and prints the hash of the weights. */
import { createHash } from 'node:crypto';
import { loadWasmEngine } from '../../engine/wasm/engine.js';
import { trainingSteps } from './training-steps.js';

const { step, parameters } = trainingSteps(await loadWasmEngine({ threads: 1 }));
for (let index = 0; index < 8; index++) step();
const hash = createHash('sha256');
for (const value of Object.values(parameters.read())) hash.update(value.dataSync());
console.log(hash.digest('hex'));
