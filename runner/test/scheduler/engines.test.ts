/** Which engines the slots have, and what becomes of cells where they lack one. */

import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { SlotBackend } from '../../slots/backend.js';
import { slotBackends } from '../../slots/registry.js';
import { askEngines } from '../../slots/slots-file.js';
import { EngineMissingError } from '../../trainer-client/trainer-run.js';
import { startGrid, workFolder, writeGrid } from '../fixtures/cli.js';

const local = slotBackends.local as SlotBackend;
const context = { engine: null, environment: process.env };
/** No native engine can be found there. */
const nowhere = { GRID_ENGINE: 'tensorflow', XDG_CACHE_HOME: mkdtempSync(join(tmpdir(), 'gridfarm-')) };

describe('engines of slots', () => {
  it('are asked of each entry, with its own environment', async () => {
    const entries = [
      { backend: local, settings: { cpus: 1, environment: { GRID_ENGINE: 'wasm' } } },
      { backend: local, settings: { cpus: 1, environment: { GRID_ENGINE: 'cpu' } } },
    ];
    const engines = await askEngines(entries, context);
    expect(engines.map(({ name }) => name)).toEqual(['wasm', 'cpu']);
    expect(engines[0]!.precisions).toEqual(['float32']);
    expect((await askEngines(entries, context, 'cpu')).map(({ name }) => name)).toEqual(['cpu', 'cpu']);
    expect((await askEngines(entries, { ...context, engine: 'wasm' }, 'cpu'))[1]!.name).toBe('wasm');
  });

  it('are named with their entry where they are missing', async () => {
    const entries = [
      { backend: local, settings: { cpus: 1, environment: { GRID_ENGINE: 'wasm' } } },
      { backend: local, settings: { cpus: 1, environment: nowhere } },
    ];
    const asked = askEngines(entries, context);
    await expect(asked).rejects.toThrow(EngineMissingError);
    await expect(asked).rejects.toThrow(/slots\[1\] \(local\): no engine: .*grid setup/);
  });
});

const small = {
  data: { format: 'mnist', limit: { imagesPerClass: 10 } },
  model: { name: 'resnet20', width: 4 },
  trainer: undefined,
  params: undefined,
};

it('a grid whose engine is missing says so before any cell, and fails none', async () => {
  const folder = workFolder();
  const file = writeGrid(folder, { more: small });
  const run = await startGrid(folder, ['run', file], nowhere);
  expect(run.exitCode).toBe(1);
  expect(run.stderr).toMatch(/no engine: the tensorflow engine is not there.*`grid setup` gets it/);
  const plan = await startGrid(folder, ['plan', file], nowhere);
  expect(plan.exitCode).toBe(1);
  expect(plan.stdout).toMatch(/2 of 2 cells to run: 2 new\n.*Nothing can be run here: no engine: /s);
  const status = await startGrid(folder, ['status']);
  expect(status.stdout).not.toContain('failed');
});

it('a number format that the engine lacks is an error of the plan', async () => {
  const folder = workFolder();
  const file = writeGrid(folder, { more: { ...small, train: { epochs: 1, precision: 'bfloat16' } } });
  for (const verb of ['plan', 'run']) {
    const { exitCode, all } = await startGrid(folder, [verb, file], { GRID_ENGINE: 'wasm' });
    expect(exitCode).toBe(2);
    expect(all).toMatch(/grid\.yaml:\d+:\d+ train\.precision: bfloat16 is not there on the engine wasm/);
  }
});
