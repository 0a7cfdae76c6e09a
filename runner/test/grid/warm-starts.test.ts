import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { DataInspection } from '../../../trainer/contract/events.js';
import { describeProblem, GridError } from '../../domain/problem.js';
import { checkWarmStarts, warmCells } from '../../grid/checks/warm-start-checks.js';
import { expandGrid } from '../../grid/expand.js';
import { parseGrid } from '../../grid/load.js';
import { askTrainer } from '../../trainer-client/ask-trainer.js';
import { warmStartReports } from '../../trainer-client/warm-start-reports.js';

const folder = mkdtempSync(join(tmpdir(), 'gridfarm-warm-'));
const classes = ['ant', 'bee'];

/** A file of zeros. */
function save(
  file: string,
  tensors: Record<string, [type: string, bytes: number, shape: number[]]>,
  metadata = {},
) {
  let end = 0;
  const header = JSON.stringify({
    __metadata__: metadata,
    ...Object.fromEntries(
      Object.entries(tensors).map(([name, [dtype, bytes, shape]]) => {
        const start = end;
        end += shape.reduce((product, side) => product * side, bytes);
        return [name, { dtype, shape, data_offsets: [start, end] }];
      }),
    ),
  });
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  writeFileSync(join(folder, file), Buffer.concat([length, Buffer.from(header), Buffer.alloc(end)]));
}

/** Tensors of a ResNet-20 of width 2, all or those before `layer`, with a head for so many classes. */
function resnet20(head: number | null, before = 'layer9', type: [string, number] = ['F32', 4], prefix = '') {
  const tensors: Record<string, [string, number, number[]]> = {};
  const add = (name: string, shape: number[]) => {
    if (!name.startsWith('layer') || name < before) tensors[prefix + name] = [...type, shape];
  };
  const norm = (name: string, channels: number) => {
    for (const part of ['weight', 'bias', 'running_mean', 'running_var']) add(`${name}.${part}`, [channels]);
  };
  add('conv1.weight', [2, 1, 3, 3]);
  norm('bn1', 2);
  [2, 4, 8].forEach((width, stage) => {
    for (const block of [0, 1, 2]) {
      const name = `layer${stage + 1}.${block}`;
      const isFirst = stage > 0 && block === 0;
      add(`${name}.conv1.weight`, [width, isFirst ? width / 2 : width, 3, 3]);
      norm(`${name}.bn1`, width);
      add(`${name}.conv2.weight`, [width, width, 3, 3]);
      norm(`${name}.bn2`, width);
      if (!isFirst) continue;
      add(`${name}.downsample.0.weight`, [width, width / 2, 1, 1]);
      norm(`${name}.downsample.1`, width);
    }
  });
  if (head !== null) {
    add('fc.weight', [head, 8]);
    add('fc.bias', [head]);
  }
  return tensors;
}

async function check(init: string, rest = '') {
  const text = `model: {name: resnet20, width: 2}\noptimizer: sgd\ninit: ${init}\n${rest}`;
  const grid = parseGrid(join(folder, 'grid.yaml'), text);
  const cells = expandGrid(grid);
  const inspection = { classes: classes.map(name => ({ name, count: 9 })), imageSize: 8 } as DataInspection;
  const warm = warmCells(cells, new Map(cells.map(({ spec }) => [spec.data, inspection])));
  const reports = await warmStartReports(
    warm.map(({ start }) => start),
    question => askTrainer(question, { engine: null, environment: {} }),
  );
  const lines = (problems: readonly Parameters<typeof describeProblem>[0][]) =>
    problems.map(problem => describeProblem(problem).replace(`${folder}/`, ''));
  try {
    const { warnings, notes } = checkWarmStarts(grid, warm, reports);
    return { errors: [], warnings: lines(warnings), notes };
  } catch (error) {
    if (!(error instanceof GridError)) throw error;
    return { errors: lines(error.problems), warnings: [], notes: [] };
  }
}

describe('a warm start', () => {
  it('says how many tensors it takes', async () => {
    save('whole.safetensors', resnet20(2), { classes: JSON.stringify(classes) });
    expect(await check('{from: whole.safetensors}')).toEqual({
      errors: [],
      warnings: [],
      notes: ['resnet20 begins with 107 of 107 tensors of whole.safetensors'],
    });
  });

  it('is asked about once for all cells that begin alike', async () => {
    save('whole.safetensors', resnet20(2), { classes: JSON.stringify(classes) });
    const { notes } = await check('{from: whole.safetensors}', 'axes: {seed: [1, 2, 3]}\n');
    expect(notes).toHaveLength(1);
  });

  it('says what doesn’t fit', async () => {
    save('thousand.safetensors', {
      ...resnet20(1000, undefined, ['F64', 8], 'module.backbone.'),
      steps: ['I32', 4, [1]],
    });
    const { warnings } = await check('{from: thousand.safetensors}');
    expect(warnings).toEqual([
      'grid.yaml:3:14 init.from: resnet20 begins with 105 of 107 tensors of thousand.safetensors: skipped module.backbone.fc.weight ([1000,8], the model has [2,8]), module.backbone.fc.bias ([1000], the model has [2]), steps (the model has none); its names without "backbone."',
    ]);
    expect((await check('{from: thousand.safetensors, strict: true}')).errors[0]).toMatch(
      /^grid\.yaml:3:14 init\.from: thousand\.safetensors: skipped .*; init\.strict allows none/,
    );
  });

  it('is an error where less than half fits, unless strict: false is written out', async () => {
    save('part.safetensors', resnet20(null, 'layer2'));
    const told =
      'resnet20 begins with 35 of 107 tensors of part.safetensors: skipped layer2.0.conv1.weight (not in the file)';
    const { errors } = await check('{from: part.safetensors}');
    expect(errors[0]).toContain(`grid.yaml:3:14 init.from: ${told}`);
    expect(errors[0]).toMatch(/; if so little is meant, write strict: false beside it$/);
    const { warnings } = await check('{from: part.safetensors, strict: false}');
    expect(warnings[0]).toContain(told);
    // In an axis, too.
    const axis = await check('null', 'axes: {init: {none: null, part: {from: part.safetensors}}}\n');
    expect(axis.errors[0]).toContain('grid.yaml:4:40 axes.init.part.from: resnet20 begins with 35 of 107');
    const written = 'axes: {init: {none: null, part: {from: part.safetensors, strict: false}}}\n';
    expect((await check('null', written)).errors).toEqual([]);
  });

  it('takes nothing from weights of something else', async () => {
    save('other.safetensors', { 'embeddings.weight': ['F32', 4, [3, 2]] });
    for (const strict of ['', ', strict: false'])
      expect((await check(`{from: other.safetensors${strict}}`)).errors[0]).toContain(
        'no tensor of other.safetensors has the name and shape of one of the model: skipped embeddings.weight',
      );
  });

  it('says where the classes come in another order, and which it doesn’t know', async () => {
    save('order.safetensors', resnet20(2), { classes: '["bee","ant"]' });
    expect((await check('{from: order.safetensors, strict: true}')).notes[0]).toContain(
      'fc.weight by the names of its classes, which are in another order',
    );
    save('some.safetensors', resnet20(3), { classes: '["bee","cat","dog"]' });
    expect((await check('{from: some.safetensors}')).warnings[0]).toContain(
      'in part fc.weight (the rows of 1 of its 3 classes, by name; none for ant)',
    );
    save('foreign.safetensors', resnet20(2));
    expect((await check('{from: foreign.safetensors}')).notes[0]).toContain(
      "fc.weight in the file's order of classes, which it doesn't name",
    );
  });
});
