import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { cellFolders, startGrid, workFolder, writeGrid } from '../fixtures/cli.js';
import { callGrid } from '../fixtures/in-process.js';

let folder: string;
let cell: string;
beforeAll(async () => {
  folder = workFolder();
  await startGrid(folder, ['run', writeGrid(folder, { seeds: 3 })]);
  cell = cellFolders(folder)[0]!;
});
const grid = (...args: string[]) => callGrid([...args, '--results', join(folder, 'results')]);
const gridJson = async (...args: string[]) => JSON.parse((await grid(...args, '--json')).stdout);

it('suggests the command that was meant', async () => {
  const { exitCode, stderr } = await grid('stauts');
  expect(exitCode).toBe(2);
  expect(stderr).toContain('Did you mean status?');
});

it('suggests the option that was meant', async () => {
  const { exitCode, stderr } = await grid('leaderboard', '--topp', '3');
  expect(exitCode).toBe(2);
  expect(stderr).toContain('Did you mean --top?');
});

it.each([
  [['leaderboard', '--top', 'x'], 'whole number'],
  [['show'], 'missing required argument'],
  [['show', 'ffffffffffffffffff'], 'no cell'],
  [['leaderboard', '--grid', 'nope'], 'no grid named nope'],
  [['export'], '--csv, --json and --tensorboard'],
  [['export', '--tensorboard', ''], '--tensorboard DIR'],
  [['retry'], '--failed'],
  [['run', 'missing.yaml'], 'missing.yaml'],
])('%j is a usage error without a stack trace', async (args, words) => {
  const { exitCode, stderr } = await grid(...args);
  expect(stderr).toContain(words);
  expect(stderr).not.toMatch(/^\s+at /m);
  expect(exitCode).toBe(2);
});

it('shows stack traces with GRID_DEBUG=1', async () => {
  const { stderr } = await callGrid(['show', 'ffff', '--results', join(folder, 'results')], {
    GRID_DEBUG: '1',
  });
  expect(stderr).toMatch(/^\s+at /m);
});

describe('help', () => {
  it.each([
    'run',
    'plan',
    'status',
    'leaderboard',
    'show',
    'logs',
    'retry',
    'note',
    'export',
    'rebuild',
    'doctor',
    'setup',
    'schema',
    'version',
  ])('of %s has examples', async verb => {
    const { exitCode, stdout } = await grid(verb, '--help');
    expect(exitCode).toBe(0);
    expect(stdout).toContain(`grid ${verb}`);
    expect(stdout).toContain('Examples:');
    expect(stdout).toContain('--results');
  });
});

it('prints the leaderboard in every format', async () => {
  const board = await gridJson('leaderboard');
  expect(board).toMatchObject({ grid: 'grid', rows: [{ rank: 1, seeds: 3, epochs: 2, state: 'completed' }] });
  expect((await grid('leaderboard', '--csv')).stdout).toMatch(/^rank,worstRank,mayWin,cells/);
  expect((await grid('leaderboard', '--markdown')).stdout).toMatch(/^\| rank/);
  expect((await grid('leaderboard')).stdout).toContain('validationAccuracy');
});

it('exports rows', async () => {
  expect(JSON.parse((await grid('export', '--json')).stdout)).toHaveLength(6);
  expect((await grid('export', '--csv')).stdout.trim().split('\n')).toHaveLength(7);
});

it('shows a cell and its log', async () => {
  const { stdout } = await grid('show', cell.slice(0, 6));
  expect(stdout).toContain(`cell ${cell}: completed, 2 of 2 epochs`);
  expect(stdout).toContain('run 1 on local/cpu');
  expect((await grid('logs', cell)).stdout).toContain('--- run 1 on local/cpu');
  const log = JSON.parse((await grid('logs', cell, '--json')).stdout);
  expect(log).toMatchObject({ cell, lines: expect.arrayContaining([expect.stringContaining('completed')]) });
});

it('keeps and takes away notes', async () => {
  await grid('note', cell, 'looks good');
  expect((await grid('leaderboard', '--csv')).stdout).toContain('looks good');
  await grid('note', cell, '');
  expect((await grid('leaderboard', '--csv')).stdout).not.toContain('looks good');
});

it('plans', async () => {
  const plan = await gridJson('plan', join(folder, 'grid.yaml'));
  expect(plan).toMatchObject({ grid: 'grid', counts: { completed: 3, new: 0 }, estimate: { cells: 0 } });
  expect((await grid('plan', join(folder, 'grid.yaml'))).stdout).toContain('Nothing to run.');
});

it('is quiet when its reader goes away', async () => {
  const reader = startGrid(folder, ['show', cell]);
  reader.stdout.destroy();
  const { stderr } = await reader;
  expect(stderr).toBe('');
});

it('has empty views before the first run', async () => {
  const empty = ['--results', join(workFolder(), 'results')];
  expect((await callGrid(['status', ...empty])).stdout).toContain('no results yet');
  expect(JSON.parse((await callGrid(['status', '--json', ...empty])).stdout)).toEqual({ grids: [] });
});

it('prints schema and versions', async () => {
  expect(JSON.parse((await grid('schema')).stdout)).toHaveProperty('$schema');
  expect(await gridJson('version')).toMatchObject({ gridfarm: '0.1.0', node: process.version });
});
