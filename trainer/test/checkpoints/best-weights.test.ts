import { existsSync, readFileSync, renameSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { type Checkpoint, CheckpointStore } from '../../checkpoints/checkpoint-store.js';
import { toFloat32 } from '../../checkpoints/element-types.js';
import { parse } from '../../checkpoints/safetensors.js';
import { bytesOf } from '../../checkpoints/state-dict.js';
import { temporaryFolder } from '../temporary-folder.js';

const links = vi.hoisted(() => ({ refuse: undefined as string | undefined }));
vi.mock('node:fs/promises', async importOriginal => {
  const original = await importOriginal<typeof import('node:fs/promises')>();
  const link: typeof original.link = async (from, to) => {
    if (links.refuse !== undefined) throw Object.assign(new Error(links.refuse), { code: links.refuse });
    return original.link(from, to);
  };
  return { ...original, link };
});

const metric = 'validationAccuracy';

/** Its tensors hold its number, those of the average a hundred more. */
function checkpoint(epoch: number, best: number, withAverage: boolean): Checkpoint {
  const record = (number: number) => ({ epoch: number, step: number, metrics: { [metric]: number / 100 } });
  const weights = (value: number) => ({
    metadata: { epoch: JSON.stringify(record(epoch)) },
    tensors: new Map([['t', { type: 'F32' as const, shape: [1], bytes: bytesOf(Float32Array.of(value)) }]]),
  });
  return {
    state: {
      epoch,
      step: epoch,
      history: Array.from({ length: epoch }, (_, i) => record(i + 1)),
      best: { epoch: best, value: best / 100 },
      provenance: {
        dataFingerprint: 'f',
        trainerVersion: '1',
        engine: { name: 'cpu', version: '1', device: 'cpu' },
      },
      weightsHash: 'h',
    },
    weights: weights(epoch),
    optimizer: weights(-epoch),
    ...(withAverage ? { ema: weights(100 + epoch) } : {}),
  };
}

/** The best epoch after each epoch: `[1, 1, 3]`: the first, and then the third. */
async function storeOf(best: readonly number[], withAverage = false) {
  const runDir = temporaryFolder();
  const save = async (store: CheckpointStore, epoch: number, of: number) =>
    store.save(checkpoint(epoch, of, withAverage), epoch === of);
  const first = new CheckpointStore(runDir);
  for (const [index, of] of best.entries()) await save(first, index + 1, of);
  // As another process finds it.
  const store = new CheckpointStore(runDir);
  const warnings: string[] = [];
  const path = (name: string) => join(runDir, 'checkpoints', name);
  return {
    store,
    path,
    warnings,
    save: (epoch: number, of: number) => save(store, epoch, of),
    load: () => store.loadNewest(message => warnings.push(message), metric),
    value: (name: string) => {
      const file = readFileSync(path(`${name}.safetensors`));
      return toFloat32('F32', parse(file, name).tensors.get('t')!.bytes)[0];
    },
  };
}

const truncate = (path: string) => truncateSync(path, readFileSync(path).length - 3);
function flip(path: string): void {
  const bytes = readFileSync(path);
  bytes[bytes.length - 1]! ^= 1;
  // A new file: other names of the old one stay whole.
  rmSync(path);
  writeFileSync(path, bytes);
}
function flipInPlace(path: string): void {
  const bytes = readFileSync(path);
  bytes[bytes.length - 1]! ^= 1;
  writeFileSync(path, bytes);
}
const harms = { truncate, flip, flipInPlace, remove: (path: string) => rmSync(path) };

describe('the best weights', () => {
  const files = ['weights.safetensors', 'optimizer.safetensors', 'ema.safetensors', 'state.json'];
  it.each(Object.keys(harms).flatMap(harm => files.map(file => [harm, file] as const)))(
    'are those of before where the newest epoch, the best, is passed over: %s %s',
    async (harm, file) => {
      const { load, path, value, warnings } = await storeOf([1, 1, 3], true);
      // In state.json the last byte is a line break.
      const target = path(`epoch-000003/${file}`);
      if (file === 'state.json' && harm !== 'remove') truncateSync(target, 30);
      else harms[harm as keyof typeof harms](target);
      const found = await load();
      expect(found!.state).toMatchObject({ epoch: 2, best: { epoch: 1, value: 0.01 } });
      expect([value('best'), value('best-ema'), value('last'), value('last-ema')]).toEqual([1, 101, 2, 102]);
      expect(warnings).toEqual([
        expect.stringContaining('it is passed over, and kept as epoch-000003.damaged'),
      ]);
      expect(existsSync(path('epoch-000003.damaged'))).toBe(true);
    },
  );

  it.each(Object.keys(harms))('come back from the epoch that keeps them: %s', async harm => {
    const { load, path, value, warnings, save } = await storeOf([1, 1, 1, 1], true);
    // Both names of one file: in place would harm both.
    const target = path('best.safetensors');
    if (harm === 'flipInPlace' || harm === 'truncate') writeFileSync(`${target}.copy`, readFileSync(target));
    if (existsSync(`${target}.copy`)) renameSync(`${target}.copy`, target);
    harms[harm as keyof typeof harms](target);
    expect((await load())!.state.best).toEqual({ epoch: 1, value: 0.01 });
    expect([value('best'), value('best-ema')]).toEqual([1, 101]);
    expect(warnings).toEqual([]);
    await save(5, 1);
    await save(6, 1);
    expect(value('epoch-000006/best')).toBe(1);
  });

  it.each(['flipInPlace', 'truncate'] as const)(
    'that are lost are said so, and the newest take their place: %s',
    async harm => {
      const { load, path, value, warnings, save } = await storeOf([1, 1, 1]);
      harms[harm](path('best.safetensors'));
      expect((await load())!.state).toMatchObject({ epoch: 3, best: { epoch: 3, value: 0.03 } });
      expect(value('best')).toBe(3);
      expect(warnings).toEqual([
        'best.safetensors of epoch 1, the best one, can’t be read any more: epoch 3 takes its place',
      ]);
      expect(existsSync(path('best.safetensors.damaged'))).toBe(true);
      await save(4, 3);
      expect(value('epoch-000004/best')).toBe(3);
    },
  );

  it('of an older store are known by their header', async () => {
    const { load, path, value, warnings } = await storeOf([1, 1, 3]);
    const state = path('epoch-000002/state.json');
    const { files, ...rest } = JSON.parse(readFileSync(state, 'utf8'));
    writeFileSync(
      state,
      JSON.stringify({ ...rest, files: { weights: files.weights, optimizer: files.optimizer } }),
    );
    rmSync(path('epoch-000002/best.safetensors'));
    flipInPlace(path('epoch-000003/weights.safetensors'));
    // The only weights of epoch 1 went when epoch 3 became the best.
    expect((await load())!.state).toMatchObject({ epoch: 2, best: { epoch: 2, value: 0.02 } });
    expect(value('best')).toBe(2);
    expect(warnings).toHaveLength(2);
  });
});

describe('without hard links', () => {
  it.each(['EPERM', 'ENOTSUP', 'EXDEV', 'EMLINK'])('(%s) weights have copies', async code => {
    links.refuse = code;
    try {
      const { load, value, path, warnings } = await storeOf([1, 1, 3, 3]);
      expect([value('best'), value('last'), value('epoch-000004/best')]).toEqual([3, 4, 3]);
      expect(statSync(path('best.safetensors')).nlink).toBe(1);
      flip(path('best.safetensors'));
      expect((await load())!.state.best).toEqual({ epoch: 3, value: 0.03 });
      expect(value('best')).toBe(3);
      expect(warnings).toEqual([]);
    } finally {
      links.refuse = undefined;
    }
  });
});

describe('checkpoints that are set aside', () => {
  it('are whole in another folder, and no run goes on from them', async () => {
    const { store, load, path } = await storeOf([1, 2]);
    const folder = (await store.setAside())!;
    expect(folder).toMatch(/^set-aside\/\d{4}-\d\d-\d\dT/);
    expect(existsSync(join(path('..'), folder, 'epoch-000002/optimizer.safetensors'))).toBe(true);
    expect(existsSync(join(path('..'), folder, 'best.safetensors'))).toBe(true);
    expect(await load()).toBeNull();
    expect(await store.setAside()).toBeNull();
  });
});
