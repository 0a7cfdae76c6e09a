import { fileURLToPath } from 'node:url';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm/dist/backend_wasm.js';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { execa } from 'execa';
import { expect, it } from 'vitest';
import { OutOfMemoryError } from '../../engine/wasm/backend.js';
import { cpu, wasm } from './backends.js';
import { trainingSteps } from './training-steps.js';

it('takes the same steps as the JavaScript engine', async () => {
  const losses = [];
  for (const engine of [wasm, cpu]) {
    await engine.tf.setBackend(engine.info.name);
    const { step } = trainingSteps(engine);
    losses.push([step(), step(), step()]);
  }
  const [actual, expected] = losses as [number[], number[]];
  actual.forEach((loss, index) => {
    expect(loss).toBeCloseTo(expected[index]!, 5);
  });
});

it('keeps the number of tensors over 50 steps, and its memory', async () => {
  await wasm.tf.setBackend('wasm');
  const { step } = trainingSteps(wasm);
  step();
  const before = wasm.tf.memory();
  const heap = heapBytes();
  for (let index = 0; index < 50; index++) step();
  expect(wasm.tf.memory().numTensors).toBe(before.numTensors);
  expect(wasm.tf.memory().numBytes).toBe(before.numBytes);
  expect(heapBytes()).toBe(heap);
});

it('gives the same bits in every process', async () => {
  const program = fileURLToPath(new URL('print-weights-hash.js', import.meta.url));
  const runs = await Promise.all([execa('node', [program]), execa('node', [program])]);
  const [first, second] = runs.map(({ stdout }) => stdout.trim().split('\n').at(-1));
  expect(first).toMatch(/^[0-9a-f]{64}$/);
  expect(second).toBe(first);
});

it('says that memory is out, and goes on', async () => {
  const { tf } = wasm;
  await tf.setBackend('wasm');
  // Never touched, these take no real memory.
  const held: TensorInfo[] = [];
  const allocate = (floats: number) => held.push(backend().makeOutput([floats], 'float32'));
  expect(() => allocate(2 ** 29)).toThrow(OutOfMemoryError);
  expect(() => {
    for (let index = 0; index < 5; index++) allocate(2 ** 28);
  }).toThrow(OutOfMemoryError);
  expect(held.length).toBe(3);
  for (const tensor of held) backend().disposeData(tensor.dataId);
  expect([...tf.add(1, 2).dataSync()]).toEqual([3]);
});

const backend = () => wasm.tf.backend() as BackendWasm;

function heapBytes(): number {
  return (backend().wasm as unknown as { HEAPU8: Uint8Array }).HEAPU8.byteLength;
}
