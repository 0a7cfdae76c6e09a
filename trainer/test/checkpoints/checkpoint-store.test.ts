import { existsSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Checkpoint, CheckpointStore } from '../../checkpoints/checkpoint-store.js';
import { toFloat32 } from '../../checkpoints/element-types.js';
import { parse } from '../../checkpoints/safetensors.js';
import { bytesOf } from '../../checkpoints/state-dict.js';
import { temporaryFolder } from '../temporary-folder.js';

function checkpoint(epoch: number, best: number): Checkpoint {
  const tensor = (value: number) =>
    new Map([['t', { type: 'F32' as const, shape: [1], bytes: bytesOf(Float32Array.of(value)) }]]);
  return {
    state: {
      epoch,
      step: epoch,
      history: [{ epoch, step: epoch, metrics: {} }],
      best: { epoch: best, value: 0.5 },
      provenance: {
        dataFingerprint: 'f',
        trainerVersion: '1',
        engine: { name: 'cpu', version: '1', device: 'cpu' },
      },
      weightsHash: 'h',
    },
    weights: { metadata: {}, tensors: tensor(epoch) },
    optimizer: { metadata: {}, tensors: tensor(-epoch) },
  };
}

const storedValue = (path: string) =>
  toFloat32('F32', parse(readFileSync(path), path).tensors.get('t')!.bytes)[0];

async function storeOf(epochs: number, best: number) {
  const runDir = temporaryFolder();
  const store = new CheckpointStore(runDir);
  for (let epoch = 1; epoch <= epochs; epoch++) await store.save(checkpoint(epoch, best), epoch === best);
  const path = (...names: string[]) => join(runDir, 'checkpoints', ...names);
  const warnings: string[] = [];
  const load = () => store.loadNewest(message => warnings.push(message));
  return { store, path, warnings, load };
}

describe('the checkpoint store', () => {
  it('keeps the two newest epochs, last and best', async () => {
    const { path, load, warnings } = await storeOf(12, 3);
    expect(readdirSync(path()).sort()).toEqual([
      'best.safetensors',
      'epoch-000011',
      'epoch-000012',
      'last.safetensors',
    ]);
    expect(storedValue(path('last.safetensors'))).toBe(12);
    expect(storedValue(path('best.safetensors'))).toBe(3);
    const loaded = await load();
    expect(loaded!.state).toMatchObject(checkpoint(12, 3).state);
    expect(loaded!.optimizer).toEqual(checkpoint(12, 3).optimizer);
    expect(warnings).toEqual([]);
  });

  it('finds nothing where nothing is', async () => {
    const { load } = await storeOf(0, 0);
    expect(await load()).toBeNull();
  });

  it.each([
    ['a flipped bit', (path: string) => flipLastBit(path), 'weights.safetensors'],
    ['a cut file', (path: string) => truncateSync(path, 10), 'optimizer.safetensors'],
    ['half a state', (path: string) => truncateSync(path, 30), 'state.json'],
    ['a missing file', (path: string) => rm(path), 'optimizer.safetensors'],
  ])('goes back to the checkpoint before one with %s, and says so', async (_, harm, file) => {
    const { path, load, warnings, store } = await storeOf(4, 4);
    await harm(path('epoch-000004', file));
    expect((await load())!.state.epoch).toBe(3);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain(`${path('epoch-000004')}: the checkpoint is corrupt`);
    await store.save(checkpoint(4, 4), true);
    expect((await load())!.state.epoch).toBe(4);
    expect(storedValue(path('last.safetensors'))).toBe(4);
  });

  it.each([
    ['null', 'state.json: it must be object, got null'],
    [{ version: 2 }, 'state.json: version must be 1, got 2'],
    [{ history: undefined }, 'state.json: history is missing'],
    [
      { history: [{ epoch: 1, step: 1, metrics: { a: 'x' } }] },
      'history.0.metrics.a must be number or null, got "x"',
    ],
    [{ best: undefined }, 'state.json: best is missing'],
    [{ provenance: {} }, 'provenance.engine is missing'],
    [{ files: { weights: 'w' } }, 'files.optimizer is missing'],
  ])('passes over one whose state is not as it should be, and keeps it: %j', async (harm, words) => {
    const { path, load, warnings } = await storeOf(4, 4);
    const file = path('epoch-000004', 'state.json');
    const state = JSON.parse(readFileSync(file, 'utf8'));
    writeFileSync(file, typeof harm === 'string' ? harm : JSON.stringify({ ...state, ...harm }));
    expect((await load())!.state.epoch).toBe(3);
    expect(warnings).toEqual([expect.stringContaining('and kept as epoch-000004.damaged')]);
    expect(warnings[0]).toContain(words);
    expect(existsSync(path('epoch-000004.damaged', 'state.json'))).toBe(true);
  });

  it('goes on from one that says more than is known here', async () => {
    const { path, load, warnings } = await storeOf(4, 4);
    const file = path('epoch-000004', 'state.json');
    writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, 'utf8')), later: 1 }));
    expect((await load())!.state.epoch).toBe(4);
    expect(warnings).toEqual([]);
  });

  it('begins anew where all are corrupt', async () => {
    const { path, load, warnings } = await storeOf(2, 1);
    for (const epoch of ['epoch-000001', 'epoch-000002']) flipLastBit(path(epoch, 'weights.safetensors'));
    expect(await load()).toBeNull();
    expect(warnings).toHaveLength(2);
  });

  it('mends last and best after a kill between the checkpoint and its names', async () => {
    const { path, load } = await storeOf(3, 3);
    const before = await storeOf(2, 2);
    for (const name of ['last.safetensors', 'best.safetensors']) {
      await rm(path(name));
      writeFileSync(path(name), readFileSync(before.path(name)));
    }
    await load();
    expect(storedValue(path('last.safetensors'))).toBe(3);
    expect(storedValue(path('best.safetensors'))).toBe(3);
  });

  it('does the same for averaged weights, and passes over a checkpoint where they are damaged', async () => {
    const { path, load, store, warnings } = await storeOf(0, 0);
    const average = (epoch: number) => checkpoint(100 + epoch, 0).weights;
    for (const epoch of [1, 2, 3])
      await store.save({ ...checkpoint(epoch, 2), ema: average(epoch) }, epoch === 2);
    await rm(path('last-ema.safetensors'));
    expect((await load())!.ema).toEqual(average(3));
    expect(storedValue(path('last-ema.safetensors'))).toBe(103);
    expect(storedValue(path('best-ema.safetensors'))).toBe(102);
    flipLastBit(path('epoch-000003', 'ema.safetensors'));
    expect((await load())!.state.epoch).toBe(2);
    expect(warnings.join()).toContain('ema.safetensors has SHA-256');
  });

  it('ignores and then removes what a kill left half-written', async () => {
    const { path, load, store } = await storeOf(2, 1);
    await mkdir(path('epoch-000003.77-abc.tmp'));
    expect((await load())!.state.epoch).toBe(2);
    await store.save(checkpoint(3, 1), false);
    expect(existsSync(path('epoch-000003.77-abc.tmp'))).toBe(false);
  });

  it('sorts by number, not by name', async () => {
    const { load, store } = await storeOf(2, 1);
    await store.save(checkpoint(999_999, 1), false);
    await store.save(checkpoint(1_000_000, 1), false);
    expect((await load())!.state.epoch).toBe(1_000_000);
  });

  it('loses nothing when it cannot write', async () => {
    const { path, load, store } = await storeOf(2, 1);
    // Fails in the middle of a save, as a full disk would.
    const bad = { ...checkpoint(3, 1), weights: { metadata: {}, tensors: null as never } };
    await expect(store.save(bad, true)).rejects.toThrow(/epoch-000003: writing the checkpoint failed/);
    expect(readdirSync(path()).filter(name => name.endsWith('.tmp'))).toEqual([]);
    expect((await load())!.state.epoch).toBe(2);
    expect(storedValue(path('best.safetensors'))).toBe(1);
  });
});

function flipLastBit(path: string): void {
  const bytes = readFileSync(path);
  bytes[bytes.length - 1]! ^= 1;
  writeFileSync(path, bytes);
}
