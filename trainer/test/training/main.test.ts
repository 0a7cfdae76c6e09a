import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { DataInspection, TrainerEvent } from '../../contract/events.js';
import type { AugmentationSpec } from '../../contract/run-spec.js';
import { temporaryFolder } from '../temporary-folder.js';
import { runSpec } from './run-spec.js';
import { TrainerChild } from './trainer-child.js';

const program = '../../main.js';

/** IDX files of 24 training and 12 test images of 8×8 in three classes. */
function idxFolder(): string {
  const folder = temporaryFolder();
  for (const [part, count] of [
    ['train', 24],
    ['t10k', 12],
  ] as const) {
    const images = Buffer.alloc(16 + count * 64);
    for (const [index, value] of [0x803, count, 8, 8].entries()) images.writeUInt32BE(value, 4 * index);
    const labels = Buffer.alloc(8 + count);
    for (const [index, value] of [0x801, count].entries()) labels.writeUInt32BE(value, 4 * index);
    for (let image = 0; image < count; image++) {
      labels[8 + image] = image % 3;
      for (let pixel = 0; pixel < 64; pixel++)
        images[16 + image * 64 + pixel] = (image % 3) * 80 + ((image * 31 + pixel * 17) % 40);
    }
    writeFileSync(join(folder, `${part}-images-idx3-ubyte`), images);
    writeFileSync(join(folder, `${part}-labels-idx1-ubyte`), labels);
  }
  return folder;
}

const mnistSpec = (root: string) =>
  runSpec({
    train: { epochs: 2 },
    data: {
      format: 'mnist',
      root,
      channels: 1,
      validation: { source: 'files', fraction: 0.2, stratified: true, seed: 0 },
    },
  });

function start(spec: ReturnType<typeof runSpec>, runDir: string): TrainerChild {
  const child = new TrainerChild(program, ['--engine', 'wasm', '--threads', '1']);
  child.send({ type: 'run', cellId: 'cell', attempt: 1, spec, runDir, cacheDir: join(runDir, 'cache') });
  return child;
}

async function inspect(data: unknown): Promise<DataInspection> {
  const running = promisify(execFile)(process.execPath, [
    fileURLToPath(new URL(program, import.meta.url)),
    'inspect',
  ]);
  running.child.stdin!.end(JSON.stringify(data));
  return JSON.parse((await running).stdout);
}

describe("the trainer's program", () => {
  it('trains on files, whose fingerprint is the one that `inspect` reports', async () => {
    const spec = mnistSpec(idxFolder());
    const child = start(spec, temporaryFolder());
    await child.event(({ type }) => type === 'completed');
    expect(await child.end()).toBe(0);
    const started = child.events.find(event => event.type === 'started');
    const { fingerprint, problems } = await inspect(spec.data);
    expect(problems).toEqual([]);
    expect(started).toMatchObject({
      provenance: { dataFingerprint: fingerprint },
      trainImages: 24,
      validationImages: 12,
      classes: 3,
    });
  });

  it('goes on after a kill with the same repeated images and copies', async () => {
    const flip = { name: 'randomHorizontalFlip', probability: 0.5 };
    const augmentation: AugmentationSpec = {
      transforms: [{ name: 'randomCrop', padding: 2, paddingMode: 'reflect', fill: 0 }, flip],
      mix: [{ name: 'cutMix', alpha: 1, weight: 1 }],
      mixProbability: 0.5,
      repeats: 3,
      expansion: { copies: 2, keepOriginals: true, seed: 4, transforms: [flip] },
    };
    const spec = { ...mnistSpec(idxFolder()), augmentation };
    const undisturbed = start(spec, temporaryFolder());
    const expected = await undisturbed.event(({ type }) => type === 'completed');
    expect(await undisturbed.end()).toBe(0);
    expect(undisturbed.events.find(({ type }) => type === 'started')).toMatchObject({ trainImages: 72 });

    const runDir = temporaryFolder();
    const killed = start(spec, runDir);
    await killed.event(({ type }) => type === 'epoch');
    await killed.kill();
    const resumed = start(spec, runDir);
    expect(await resumed.event(({ type }) => type === 'completed')).toEqual(expected);
    expect(await resumed.end()).toBe(0);
    const started = resumed.events.find(event => event.type === 'started');
    expect(started!.resumedFromEpoch).toBeGreaterThan(0);
  });

  it('calls missing data a bad configuration, and serves on', async () => {
    const runDir = temporaryFolder();
    const child = start(mnistSpec(join(runDir, 'nothing here')), runDir);
    const failed = await child
      .event(({ type }) => type === 'failed')
      .catch((event: Error) => JSON.parse(event.message) as TrainerEvent);
    expect(failed).toMatchObject({ type: 'failed', failure: 'badConfiguration' });
    expect(await child.end()).toBe(0);
  });

  it.each([
    [['fly'], 'unknown mode fly'],
    [['--threads', '0'], '--threads: expected a positive integer, got 0'],
    [['--engine', 'abacus'], 'expected one of tensorflow, wasm, cpu, got abacus'],
  ])('refuses %j', async (args, message) => {
    const path = fileURLToPath(new URL(program, import.meta.url));
    const running = promisify(execFile)(process.execPath, [path, ...args]);
    await expect(running).rejects.toMatchObject({ code: 2, stderr: expect.stringContaining(message) });
  });
});
