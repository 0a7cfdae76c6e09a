/** `kill -9` of a merge, and a disk that is full in the middle of one: done again, it ends as an undisturbed one. */
import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { openStore } from '../../../store/open-store.js';
import { ResultsPaths } from '../../../store/run-paths.js';
import type { StoreWriter } from '../../../store/run-store.js';
import { startGrid } from '../../fixtures/cli.js';
import { cells, complete, epochsWith, grid, resultsFolder, start } from '../fixtures.js';

const count = 60;
const megabyte = Buffer.alloc(1 << 20, 7);

async function folderWith(
  work: (store: StoreWriter, cellId: string, index: number) => void,
): Promise<string> {
  const folder = resultsFolder();
  const store = await openStore(folder);
  store.registerGrid(grid, cells(count));
  for (const [index, { cellId }] of cells(count).entries()) {
    work(store, cellId, index);
    const { checkpoints } = new ResultsPaths(folder).cell(cellId);
    mkdirSync(checkpoints, { recursive: true });
    writeFileSync(join(checkpoints, 'last.safetensors'), index % 10 === 0 ? megabyte : folder);
  }
  store.close();
  return folder;
}

/** Ours has begun every cell; theirs has completed them. */
const twoFolders = async () => ({
  ours: await folderWith((store, cellId) => {
    const run = store.startRun(cellId, 's');
    store.recordStarted(run, start);
    store.recordEpoch(run, epochsWith([0.1])[0]!);
    store.finishRun(run, { state: 'interrupted' });
  }),
  theirs: await folderWith((store, cellId, index) => complete(store, cellId, [0.1, index / 100])),
});

async function expectMerged(folder: string) {
  const store = await openStore(folder, { readOnly: true });
  expect(store.countsByState(grid.name)).toMatchObject({ completed: count });
  store.close();
  const paths = new ResultsPaths(folder);
  for (const { cellId } of cells(count)) {
    const { root, checkpoints } = paths.cell(cellId);
    expect(statSync(join(checkpoints, 'last.safetensors')).size).toBeGreaterThan(0);
    const asides = readdirSync(join(root, 'set-aside'));
    expect(asides).toHaveLength(1);
    expect(readFileSync(join(root, 'set-aside', asides[0]!, 'record.ndjson'), 'utf8')).toContain(
      'interrupted',
    );
    expect(existsSync(join(root, 'set-aside', asides[0]!, 'checkpoints', 'last.safetensors'))).toBe(true);
  }
  expect(existsSync(paths.merging)).toBe(false);
}

test('a merge that is killed again and again loses nothing', async () => {
  const { ours, theirs } = await twoFolders();
  let merged = 0;
  let kills = 0;
  // From the first change on, later each time.
  for (let wait = 5; merged < count && kills < 40; wait += 20) {
    const merging = startGrid(process.cwd(), ['merge', theirs, '--results', ours]);
    while (!existsSync(new ResultsPaths(ours).merging) && merging.exitCode === null) await sleep(1);
    await sleep(wait);
    merging.kill('SIGKILL');
    const { exitCode } = await merging;
    if (exitCode === undefined) kills++;
    // In between, nothing is missing: every cell is as it was, or as it is there.
    const store = await openStore(ours, { readOnly: true });
    const states = store.countsByState(grid.name);
    expect(states.completed + states.interrupted).toBe(count);
    merged = states.completed;
    store.close();
  }
  expect(kills).toBeGreaterThan(1);
  const last = await startGrid(process.cwd(), ['merge', theirs, '--results', ours]);
  expect(last.exitCode, last.all).toBe(0);
  await expectMerged(ours);
});

const small = mkdtempSync(join(tmpdir(), 'gridfarm-full-'));
const shell = (script: string) =>
  spawnSync('bash', ['-c', script], { cwd: tmpdir(), env: { ...process.env, small } });

test('a disk that is full in the middle is told of, and nothing is lost', async ({ skip }) => {
  const { ours, theirs } = await twoFolders();
  if (process.platform !== 'linux' || shell('mount -t tmpfs -o size=5m tmpfs $small').status !== 0)
    return skip();
  try {
    // What is there takes six megabytes, and as much again is to come: it fits in no more than one after the other.
    shell('mount -o remount,size=12m $small');
    cpSync(ours, small, { recursive: true });
    writeFileSync(join(small, 'ballast'), Buffer.alloc((12 << 20) - used(small) - (2 << 20)));
    const full = await startGrid(process.cwd(), ['merge', theirs, '--results', small]);
    expect(full.exitCode, full.all).toBe(1);
    expect(full.stderr).toMatch(/the disk is full; all that was stored before stays/);
    rmSync(join(small, 'ballast'));
    shell('mount -o remount,size=60m $small');
    const again = await startGrid(process.cwd(), ['merge', theirs, '--results', small]);
    expect(again.exitCode, again.all).toBe(0);
    await expectMerged(small);
  } finally {
    // What was read of it may still be mapped.
    shell('umount -l $small');
    rmdirSync(small);
  }
});

const used = (folder: string) =>
  Number(spawnSync('df', ['--output=used', '-B1', folder], { encoding: 'utf8' }).stdout.split('\n')[1]);
