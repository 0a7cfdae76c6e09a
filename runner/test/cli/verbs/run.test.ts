import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { cellFolders, json, saw, startGrid, workFolder, writeGrid } from '../../fixtures/cli.js';

describe('exit codes', () => {
  it('is 0 when all is done, and again when there is nothing to do', async () => {
    const folder = workFolder();
    const file = writeGrid(folder);
    const first = await startGrid(folder, ['run', file]);
    expect(first.exitCode, first.all).toBe(0);
    expect(first.stdout).toContain('2 completed');
    const second = await startGrid(folder, ['run', file]);
    expect(second.exitCode).toBe(0);
    expect(second.stdout).toContain('2 completed before');
    expect((await json(folder, 'status')).grids[0].counts.completed).toBe(2);
  });

  it('is 1 when a cell failed, now or before; `retry` queues it again', async () => {
    const folder = workFolder();
    const file = writeGrid(folder, { params: { misbehave: 'words', misbehaveUntil: 2 }, seeds: 1 });
    const first = await startGrid(folder, ['run', file]);
    expect(first.exitCode, first.all).toBe(1);
    expect(first.stdout).toContain('something dreadful');
    expect((await startGrid(folder, ['run', file])).exitCode).toBe(1);
    const retry = await startGrid(folder, ['retry', '--failed']);
    expect(retry.stdout).toContain(cellFolders(folder)[0]);
    expect((await startGrid(folder, ['run', file])).exitCode).toBe(0);
  });

  it('is 2 for a wrong grid, and nothing is written', async () => {
    const folder = workFolder();
    const file = writeGrid(folder, { more: { optimzer: { name: 'sgd' } } });
    const { exitCode, stderr } = await startGrid(folder, ['run', file]);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/^grid\.yaml:\d+:\d+ .*optimzer/);
    expect(existsSync(join(folder, 'results'))).toBe(false);
  });
});

describe('slots file', () => {
  it('opens the slots that it names', async () => {
    const folder = workFolder();
    writeFileSync(join(folder, 'slots.yaml'), 'slots:\n  - {backend: local, cpus: 3}\n');
    const { exitCode, stdout } = await startGrid(folder, ['run', writeGrid(folder), '--slots', 'slots.yaml']);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('3 slots');
  });

  it('tells mistakes at their place', async () => {
    const folder = workFolder();
    writeFileSync(join(folder, 'slots.yaml'), 'slots:\n  - {backend: locl}\n  - {backend: local, cpu: 3}\n');
    const { exitCode, stderr } = await startGrid(folder, ['run', writeGrid(folder), '--slots', 'slots.yaml']);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/slots\.yaml:2:\d+ .*did you mean "?local/i);
    expect(stderr).toMatch(/slots\.yaml:3:\d+ .*cpu/);
  });
});

describe('signals', () => {
  const slow = { epochs: 1000, params: { epochMs: 100 } };

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    'drains at the first %s and goes on later',
    async signal => {
      const folder = workFolder();
      const file = writeGrid(folder, slow);
      const grid = startGrid(folder, ['run', file]);
      await saw(grid, 'epoch 1/1000');
      grid.kill(signal);
      const { exitCode, stdout } = await grid;
      expect(exitCode, stdout).toBe(130);
      expect(stdout).toContain('Finishing the running epochs');
      const { counts } = (await json(folder, 'status')).grids[0];
      expect(counts.interrupted).toBeGreaterThan(0);
      expect(counts.running).toBe(0);
      const plan = await json(folder, 'plan', file);
      expect(plan.cells[0].status).toMatchObject({ state: 'interrupted' });
      expect(plan.cells[0].status.epoch).toBeGreaterThan(0);
    },
  );

  it.each([
    ['Ctrl-C under npm', ['SIGINT', 'SIGINT']],
    ['the stop of a service', ['SIGTERM', 'SIGHUP']],
    ['Ctrl-C and `timeout`', ['SIGINT', 'SIGTERM', 'SIGINT', 'SIGTERM']],
  ] as const)('takes what comes of one wish as one: %s', async (_, signals) => {
    const folder = workFolder();
    const file = writeGrid(folder, { seeds: 1, epochs: 1000, params: { epochMs: 600 } });
    const grid = startGrid(folder, ['run', file]);
    await saw(grid, 'epoch 1/1000');
    for (const [index, signal] of signals.entries()) setTimeout(() => grid.kill(signal), 50 * index);
    const { exitCode, stdout } = await grid;
    expect(exitCode, stdout).toBe(130);
    expect(stdout).toContain('epoch 2/1000');
    expect(stdout.match(/Finishing the running epochs/g)).toHaveLength(1);
    expect(stdout).not.toContain('Stopping now');
  });

  it('stops at once at the second', async () => {
    const folder = workFolder();
    const file = writeGrid(folder, { seeds: 1, trainerArgs: ['--ignore-drain'], ...slow });
    const grid = startGrid(folder, ['run', file]);
    await saw(grid, 'epoch 1/1000');
    grid.kill('SIGINT');
    setTimeout(() => grid.kill('SIGINT'), 700);
    const { exitCode, stdout } = await grid;
    expect(exitCode, stdout).toBe(130);
    expect(stdout).toContain('Stopping now');
    expect(stdout).not.toContain('epoch 999/1000');
  });
});

it('goes on after kill -9 from the last finished epoch, and loses nothing', async () => {
  const folder = workFolder();
  const file = writeGrid(folder, { epochs: 6, params: { epochMs: 120 } });
  const grid = startGrid(folder, ['run', file]);
  await saw(grid, 'epoch 2/6');
  grid.kill('SIGKILL');
  await grid;
  const again = await startGrid(folder, ['run', file]);
  expect(again.exitCode, again.all).toBe(0);
  expect(again.stdout).toMatch(/goes on after epoch [2-5]/);
  for (const cell of cellFolders(folder)) {
    const { epochs, runs } = await json(folder, 'show', cell);
    expect(epochs.map(({ epoch }: { epoch: number }) => epoch)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(runs.map(({ state }: { state: string }) => state)).toEqual(['interrupted', 'completed']);
  }
});

it('lets one run at a time have a grid, and says who has it', async () => {
  const folder = workFolder();
  const file = writeGrid(folder, { epochs: 1000, params: { epochMs: 100 } });
  const first = startGrid(folder, ['run', file]);
  await saw(first, 'epoch 1/1000');
  const second = await startGrid(folder, ['run', file]);
  expect(second.exitCode).toBe(2);
  expect(second.stderr).toContain(`process ${first.pid}`);
  first.kill('SIGINT');
  expect((await first).exitCode).toBe(130);
});

it('prints events as JSON', async () => {
  const folder = workFolder();
  const { stdout } = await startGrid(folder, ['run', writeGrid(folder, { seeds: 1 }), '--json']);
  const events = stdout.split('\n').map(line => JSON.parse(line));
  expect(events.map(({ type }) => type)).toContain('runEnded');
  expect(events.at(-1)).toMatchObject({ type: 'summary', completed: 1 });
});

it('keeps the comment of a launch with the cells that it trains', async () => {
  const folder = workFolder();
  await startGrid(folder, ['run', writeGrid(folder, { seeds: 1 }), '--note', 'first try']);
  expect((await json(folder, 'show', cellFolders(folder)[0]!)).notes).toMatchObject([{ text: 'first try' }]);
});

test('--dry-run says what would be run and what clusters would be asked for, and asks for nothing', async () => {
  const folder = workFolder();
  const file = writeGrid(folder, { seeds: 2 });
  const programs = join(folder, 'bin');
  mkdirSync(programs);
  for (const name of ['kubectl', 'sbatch'])
    writeFileSync(join(programs, name), `#!/bin/sh\necho "$*" >>'${folder}/asked'\n`, { mode: 0o755 });
  writeFileSync(
    join(folder, 'slots.yaml'),
    `slots:
  - { backend: kubernetes, server: "http://10.0.0.5:7463", listen: "0.0.0.0:1", insecure: true, max: 4, gpus: 1, namespace: research }
  - { backend: slurm, max: 8, partition: gpu, arguments: ["--comment=it's mine"] }
  - { backend: command, start: touch started, max: 1 }
`,
  );
  const { exitCode, stdout, stderr } = await startGrid(
    folder,
    ['run', file, '--slots', 'slots.yaml', '--dry-run'],
    { PATH: `${programs}:${process.env.PATH}` },
  );
  expect(exitCode, stderr).toBe(0);
  expect(stdout).toContain('2 of 2 cells to run: 2 new');
  expect(stdout).toContain('# kubectl --namespace research create -f -\n');
  const [job, secret] = parseAllDocuments(
    stdout.split('# kubectl')[1]!.split('# slurm')[0]!.replace(/.*/, ''),
  );
  expect(job!.toJSON()).toMatchObject({ kind: 'Job', spec: { completionMode: 'Indexed', completions: 4 } });
  expect(secret!.toJSON()).toMatchObject({ kind: 'Secret' });
  expect(stdout).toMatch(/sbatch .*--array=1-8%8 .*--partition=gpu .*'--comment=it'\\''s mine' < SCRIPT/);
  for (const name of ['asked', 'started', 'results/store.db', 'results/agents'])
    expect(existsSync(join(folder, name)), name).toBe(false);
});
