import { expect, it } from 'vitest';
import { startGrid, workFolder, writeGrid } from '../fixtures/cli.js';

it('ends with words when a probe fails, though its trainer is warm', async () => {
  const folder = workFolder();
  const file = writeGrid(folder, {
    seeds: 1,
    more: {
      data: { format: 'mnist', limit: { imagesPerClass: 10 } },
      model: { name: 'resnet20', width: 4 },
      optimizer: { name: 'sgd', learningRate: 1e30 },
      trainer: undefined,
      params: undefined,
    },
  });
  const { exitCode, all } = await startGrid(folder, ['plan', file, '--probe'], { GRID_ENGINE: 'wasm' });
  expect(exitCode).toBe(1);
  expect(all).toMatch(/the probe of cell \w+ failed: the training loss is not a finite number/);
}, 60_000);
