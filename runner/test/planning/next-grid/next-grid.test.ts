import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Change, Suggestion } from '../../../conclusions/suggestions/suggestion.js';
import { expandGrid } from '../../../grid/expand.js';
import { parseGrid } from '../../../grid/load.js';
import { nextGrid } from '../../../planning/next-grid/next-grid.js';
import { startGrid, workFolder, writeGrid } from '../../fixtures/cli.js';

const suggestion = (change: Change, model: string | null = null): Suggestion => ({
  claim: {
    ...{
      id: `suggestions/${change.kind}`,
      kind: change.kind,
      text: 'It is so.',
      verdict: 'holds',
      estimate: 1,
    },
    ...{ interval: null, p: null, adjustedP: null, n: 1, unit: 'pairs', cells: [], command: 'grid report' },
  },
  advice: 'Do it.',
  change,
  model,
});

const next = (text: string, changes: readonly Suggestion[], out = '/grids/b.yaml') =>
  nextGrid({ file: '/grids/a.yaml', text, out, name: 'a-2' }, changes, {});
const idsOf = (text: string) => expandGrid(parseGrid('/grids/a.yaml', text)).map(({ cellId }) => cellId);

const base = `# Keep me
model: resnet20
optimizer: { name: sgd, learningRate: 0.1 } # and me
train: { epochs: 10 }
axes:
  optimizer.learningRate: [1e-2, 0.10]
  seed: [0, 1]
`;
const extend = (value: number, end: 'low' | 'high'): Change => ({
  ...{ kind: 'extend', axis: 'optimizer.learningRate', value, end, beside: '' },
});

describe('the next grid', () => {
  it('has the cells before, those beyond the end of an axis, and all comments', () => {
    const { text, cells, followed } = next(base, [suggestion(extend(0.001, 'low'))]);
    expect(text).toContain('# Keep me');
    expect(text).toContain('# and me');
    expect(text).toMatch(/optimizer.learningRate: \[ ?0.001, 1e-2, 0.10 ?\]/);
    expect(cells.map(({ cellId }) => cellId)).toEqual(expect.arrayContaining(idsOf(base)));
    expect(cells).toHaveLength(6);
    expect(followed).toHaveLength(1);
    expect(parseGrid('/grids/b.yaml', text).name).toBe('a-2');
  });

  it.each([
    { name: 'labelled', axis: '{low: 0.01, high: 0.1}', left: 0 },
    { name: 'conditional', axis: '{when: {model: r20}, values: [0.01, 0.1]}', left: 0 },
  ])('extends a $name axis', ({ axis }) => {
    const text = base
      .replace('[1e-2, 0.10]', axis)
      .replace('axes:', 'axes:\n  model: {r20: resnet20, r32: resnet32}');
    const { cells, leftOut } = next(text, [suggestion(extend(1, 'high'))]);
    expect(leftOut).toEqual([]);
    expect(cells.some(({ spec }) => spec.optimizer.learningRate === 1)).toBe(true);
    expect(cells.map(({ cellId }) => cellId)).toEqual(expect.arrayContaining(idsOf(text)));
  });

  it('leaves out what the file can’t take, saying why', () => {
    const zipped = `model: resnet20
optimizer: { name: sgd }
axes:
  zip:
    - optimizer.learningRate: [0.01, 0.1]
      train.batchSize: [32, 64]
`;
    const { leftOut, cells } = next(zipped, [
      suggestion(extend(1, 'high')),
      suggestion({ kind: 'extend', axis: 'train.batchSize', value: 0, beside: '', end: 'low' }),
    ]);
    expect(cells).toHaveLength(2);
    expect(leftOut.map(({ reason }) => reason)).toEqual([
      expect.stringContaining('equally many'),
      expect.stringMatching(/≥ 1|equally many/),
    ]);
  });

  it('has more epochs beside those before, of the models that still rose alone', () => {
    const text = base.replace('axes:', 'axes:\n  model: {r20: resnet20, r32: resnet32}');
    const change: Change = { kind: 'moreEpochs', epochs: 10 };
    const some = next(text, [suggestion(change, 'r32')]);
    expect(
      some.cells.filter(({ spec }) => spec.train.epochs === 20).map(({ spec }) => spec.model.name),
    ).toEqual(Array(4).fill('resnet32'));
    const all = next(text, [suggestion(change, 'r32'), suggestion(change, 'r20')]);
    expect(all.cells.filter(({ spec }) => spec.train.epochs === 20)).toHaveLength(8);
    for (const { cells } of [some, all])
      expect(cells.map(({ cellId }) => cellId)).toEqual(expect.arrayContaining(idsOf(text)));
  });

  it('regularizes by what isn’t there yet', () => {
    const change = suggestion({ kind: 'regularize' }, 'resnet20');
    const smoothed = next(base, [change]);
    expect(new Set(smoothed.cells.map(({ spec }) => spec.train.labelSmoothing))).toEqual(new Set([0, 0.1]));
    const again = next(base.replace('epochs: 10', 'epochs: 10, labelSmoothing: 0.1'), [change]);
    expect(again.followed[0]!.words).toContain('augmentation');
    expect(again.cells).toHaveLength(8);
  });

  it('has more patience where the schedule is a plateau', () => {
    const text = base.replace('axes:', 'axes:\n  scheduler: [cosine, plateau]');
    const { cells } = next(text, [suggestion({ kind: 'morePatience', patience: 10 }, 'resnet20')]);
    const patient = cells.filter(({ spec }) => spec.scheduler.patience === 20);
    expect(patient).toHaveLength(4);
    expect(patient.every(({ spec }) => spec.scheduler.name === 'plateau')).toBe(true);
  });

  it('is without a value that never won, also one that the file names elsewhere', () => {
    const drop = suggestion({ kind: 'drop', axis: 'optimizer.learningRate', label: '1e-2' });
    expect(next(base, [drop]).cells.map(({ spec }) => spec.optimizer.learningRate)).toEqual([0.1, 0.1]);
    const named = `${base}exclude: [{ optimizer.learningRate: 1e-2, seed: 1 }]\n`;
    expect(next(named, [drop]).cells.map(({ spec }) => spec.optimizer.learningRate)).toEqual([0.1, 0.1]);
    const undecided = { ...drop, claim: { ...drop.claim, verdict: 'undecided' as const } };
    expect(next(base, [undecided])).toMatchObject({
      followed: [],
      leftOut: [{ reason: 'it can’t be told from chance' }],
    });
  });

  it('is refused in another folder where it would mean other data', () => {
    const text = `data: { format: folder, root: ../data }\n${base}`;
    expect(() => next(text, [suggestion(extend(1, 'high'))], '/elsewhere/deep/b.yaml')).toThrow(
      'relative to its folder',
    );
    expect(next(base, [suggestion(extend(1, 'high'))], '/elsewhere/b.yaml').cells).toHaveLength(6);
  });
});

it('grid next writes a file that grid plan takes as it is, and none over another', async () => {
  const folder = workFolder();
  const axes = { 'train.epochs': [2, 4], seed: [1, 2] };
  const file = writeGrid(folder, { epochs: 2, more: { axes } });
  expect((await startGrid(folder, ['run', file])).exitCode).toBe(0);
  const before = await startGrid(folder, ['next']);
  const written = join(folder, 'grid-2.yaml');
  expect(before.stderr).toBe('');
  expect(readFileSync(written, 'utf8')).toContain('# The next grid after grid');
  const plan = await startGrid(folder, ['plan', 'grid-2.yaml']);
  expect(plan.stdout).toContain('2 of 6 cells to run: 2 new, 4 completed');
  const text = readFileSync(written, 'utf8');
  const again = await startGrid(folder, ['next']);
  expect(again.exitCode).toBe(2);
  expect(again.stderr).toContain('is there already; --out FILE names another');
  expect(readFileSync(written, 'utf8')).toBe(text);
});
