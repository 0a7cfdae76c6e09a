import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ExternalTrainer } from '../../../trainer/contract/run-spec.js';
import type { Cell } from '../../domain/cell.js';
import type { TrainerInputs } from '../../domain/stored-cell.js';
import { cellIdOf } from '../../grid/identity/cell-id.js';
import { commandFiles } from '../../grid/identity/inputs/command-files.js';
import { type CellOrigin, placeCells } from '../../grid/identity/inputs/place-cells.js';
import { inputChanges, readInputs, withoutOutputs } from '../../grid/identity/inputs/trainer-inputs.js';
import { fixtureSpec } from '../fixtures/run-spec.js';

/** A folder with these files, by name. */
function folderWith(files: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), 'gridfarm inputs ü-'));
  write(folder, files);
  return folder;
}

function write(folder: string, files: Record<string, string>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
}

const python = {
  'train.py':
    'import torch, model\nfrom lib.data import (\n  load,  # images\n  augment)\nfrom lib import deep\n',
  'model.py': 'from lib.layers import *\n',
  'lib/__init__.py': '',
  'lib/data.py': '    from . import layers\n',
  'lib/augment.py': '',
  'lib/layers.py': 'import os.path\n',
  'lib/deep/__init__.py': 'from ..data import load\n',
  'unused.py': '',
  'conf.json': '{}',
  'run.sh': '#!/bin/sh\nexec python train.py "$@"\n',
  'app.mjs': "import { a } from './src/a.js';\nconst b = require('./src/b');\nawait import('./src/c.mjs');\n",
  'src/a.js': '',
  'src/b.js': '',
  'src/c.mjs': '',
  'tool/__main__.py': 'from .inner import x\n',
  'tool/inner.py': '',
};
const pythonFiles = [
  'lib/__init__.py',
  'lib/data.py',
  'lib/deep/__init__.py',
  'lib/layers.py',
  'model.py',
  'train.py',
];

describe('files of a command', () => {
  const folder = folderWith(python);
  it.each<[string[], string[]]>([
    [['python', 'train.py'], pythonFiles],
    [
      ['/usr/bin/env', 'python3', './train.py', '--config=conf.json'],
      ['conf.json', ...pythonFiles],
    ],
    [
      ['torchrun', '--nproc', '2', 'train.py', 'config=conf.json'],
      ['conf.json', ...pythonFiles],
    ],
    [['./run.sh'], ['run.sh', ...pythonFiles]],
    [['bash', '-c', 'cd . && python train.py > out.txt'], pythonFiles],
    [
      ['python', '-m', 'tool'],
      ['tool/__main__.py', 'tool/inner.py'],
    ],
    [
      ['python', 'tool'],
      ['tool/__main__.py', 'tool/inner.py'],
    ],
    [
      ['python', '-m', 'lib.layers'],
      ['lib/__init__.py', 'lib/layers.py'],
    ],
    [
      ['node', 'app.mjs'],
      ['app.mjs', 'src/a.js', 'src/b.js', 'src/c.mjs'],
    ],
    [
      [process.execPath, 'app.mjs', '--out', 'missing.json', '/dev/null'],
      ['app.mjs', 'src/a.js', 'src/b.js', 'src/c.mjs'],
    ],
    [['make', 'train'], []],
  ])('%j', (command, files) => {
    expect([...commandFiles(command, folder).keys()].sort()).toEqual([...files].sort());
  });

  it('are named relative to the grid’s folder, wherever they lie, but absolute where the command says so', () => {
    const grids = join(folder, 'lib');
    expect([...commandFiles(['python', '../model.py'], grids).keys()]).toContain('../model.py');
    const absolute = join(folder, 'conf.json');
    expect([...commandFiles(['python', absolute], grids).keys()]).toEqual([absolute]);
    expect([...commandFiles(['python', absolute], folder).keys()]).toEqual(['conf.json']);
  });
});

const trainer: ExternalTrainer = { command: ['python', 'train.py', '--log=log.txt'], persistent: false };

describe('changes of inputs', () => {
  const setUp = () =>
    folderWith({ 'train.py': 'import model', 'model.py': '', 'log.txt': '', 'conf/a.yaml': '' });
  const withConf = { ...trainer, inputs: ['conf', '!conf/private*'] };

  it('are none where nothing changed, and name what did', () => {
    const folder = setUp();
    const results = join(folder, 'results');
    const then = readInputs(withConf, folder, results);
    expect(then).toMatchObject({ folder: '..' });
    expect(Object.keys(then.files)).toEqual(['conf/a.yaml', 'log.txt', 'model.py', 'train.py']);
    write(folder, { 'conf/private.yaml': 'x' });
    expect(inputChanges(then, readInputs(withConf, folder, results))).toEqual([]);
    write(folder, { 'model.py': 'edited = 1', 'conf/b.yaml': '' });
    rmSync(join(folder, 'conf/a.yaml'));
    expect(inputChanges(then, readInputs(withConf, folder, results))).toEqual([
      'conf/a.yaml is gone',
      'model.py changed',
      'conf/b.yaml is new',
    ]);
  });

  it('never come from the results, nor from what the program itself writes', () => {
    const folder = setUp();
    const results = join(folder, 'results');
    const all = { ...trainer, inputs: ['**/*'] };
    const before = readInputs(all, folder, results);
    write(folder, { 'results/store.db': 'x', '__pycache__/model.pyc': 'x' });
    expect(inputChanges(before, readInputs(all, folder, results))).toEqual([]);

    const start = readInputs(trainer, folder, results);
    write(folder, { 'log.txt': 'epoch 1' });
    const kept = withoutOutputs(start, readInputs(trainer, folder, results));
    expect(Object.keys(kept.files)).toEqual(['model.py', 'train.py']);
    expect(inputChanges(kept, readInputs(trainer, folder, results))).toEqual([]);
  });
});

describe('cells of a command that is in several folders', () => {
  const spec = fixtureSpec({ trainer: Object.freeze(trainer) });
  const cell: Cell = { cellId: cellIdOf(spec), index: 0, labels: {}, spec };
  const numberOf = ({ spec }: Cell) => spec.trainer?.folderNumber ?? 1;

  /** The number under which a folder's cell is kept, beside what is stored under the numbers from 1 on. */
  function number(folder: string, results: string, stored: readonly CellOrigin[]): number {
    const origins = (ids: readonly string[]) => {
      const found = new Map<string, CellOrigin>();
      for (const id of ids) {
        const index = stored.findIndex((_, at) => id === idOf(at + 1));
        if (index >= 0) found.set(id, stored[index]!);
      }
      return found;
    };
    const idOf = (at: number) =>
      at === 1 ? cell.cellId : cellIdOf({ ...spec, trainer: { ...trainer, folderNumber: at } });
    const [placed] = placeCells([cell], readInputs(trainer, folder, results), folder, results, origins);
    expect(placed!.cellId).toBe(idOf(numberOf(placed!)));
    return numberOf(placed!);
  }
  const results = mkdtempSync(join(tmpdir(), 'gridfarm-results-'));
  const folders = ['a', 'b', 'c'].map(text => folderWith({ 'train.py': text }));
  const [a, b, c] = folders as [string, string, string];
  const madeIn = (folder: string): CellOrigin => ({
    inputs: readInputs(trainer, folder, results) as TrainerInputs,
    gridFiles: [join(folder, 'g.yaml')],
  });
  const unrecorded = (folder: string): CellOrigin => ({ inputs: null, gridFiles: [join(folder, 'g.yaml')] });

  it('are each folder’s own', () => {
    expect(number(a, results, [])).toBe(1);
    expect(number(a, results, [madeIn(a)])).toBe(1);
    expect(number(b, results, [madeIn(a)])).toBe(2);
    expect(number(b, results, [madeIn(a), madeIn(b)])).toBe(2);
    expect(number(c, results, [madeIn(a), madeIn(b)])).toBe(3);
  });

  it('are the same after an edit, in a copy, and in a folder that was moved', () => {
    const edited = folderWith({ 'train.py': 'first' });
    const stored = [madeIn(a), madeIn(edited)];
    write(edited, { 'train.py': 'edited' });
    expect(number(edited, results, stored)).toBe(2);
    expect(number(folderWith({ 'train.py': 'b' }), results, [madeIn(a), madeIn(b)])).toBe(2);
    const moved = { ...madeIn(b), inputs: { ...madeIn(b).inputs!, folder: '../gone' } };
    expect(number(b, results, [madeIn(a), moved])).toBe(2);
  });

  it('are found where they were kept before folders were told apart', () => {
    expect(number(a, results, [unrecorded(a)])).toBe(1);
    expect(number(b, results, [unrecorded(a)])).toBe(2);
    expect(number(b, results, [unrecorded('/no/such/folder')])).toBe(1);
    expect(number(b, results, [{ inputs: null, gridFiles: [''] }])).toBe(1);
    const copy = folderWith({ 'sub/g.yaml': '', 'sub/train.py': 'b' });
    const original = folderWith({ 'sub/g.yaml': '' });
    const sub = [join(copy, 'sub'), join(original, 'sub')] as const;
    expect(number(sub[0], join(copy, 'results'), [unrecorded(sub[1])])).toBe(1);
    expect(number(sub[0], results, [unrecorded(sub[1])])).toBe(2);
  });
});
