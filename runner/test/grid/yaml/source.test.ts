import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadGrid } from '../../../grid/load.js';
import { base, cellsOf, problemsOf } from '../grid-fixture.js';

describe('YAML text', () => {
  it.each([
    ['tabs', `${base}train:\n\tepochs: 3\n`, /^4:1 tabs may not be used/],
    ['duplicate keys', `${base}model: resnet18\n`, /^3:1 the key is there twice/],
    ['several documents', `${base}---\n${base}`, /^3:1 a second document/],
    ['an unknown tag', `${base}seed: !secret 3\n`, /^3:7 Unresolved tag/],
    ['an unclosed bracket', `${base}axes: {seed: [1, 2}\n`, /^3:\d+ /],
    ['an unknown alias', `${base}seed: *nothing\n`, /^3:7 .*nothing/],
    ['a list', '- a\n', /^1:1 must be a mapping .* got a list$/],
    ['only comments', '# nothing\n', /^\d:1 holds no settings/],
    [
      'a line after the parser has lost the thread',
      `${base}axes:\n  seed:\n    *a1: 1\n   ｛ "2": 2\n`,
      /^6:4 "｛"/,
    ],
  ])('refuses %s with its place', (_, text, problem) => {
    expect(problemsOf(text)[0]).toMatch(problem);
  });

  it('refuses an alias bomb quickly', () => {
    const levels = Array.from(
      { length: 9 },
      (_, i) => `l${i + 1}: &l${i + 1} [${Array(9).fill(`*l${i}`).join(', ')}]`,
    );
    const [problem] = problemsOf(`l0: &l0 [x]\n${levels.join('\n')}\n`);
    expect(problem).toMatch(/^2:\d+ aliases multiply/);
  });

  it.each([
    ['brackets', `x: ${'['.repeat(1_000_000)}`, '4:204'],
    ['braces', `x: ${'{a: '.repeat(100_000)}`, '4:804'],
    ['dashes', '- '.repeat(100_000), '4:401'],
    ['indentation', Array.from({ length: 300 }, (_, i) => `${' '.repeat(i)}a:`).join('\n'), '205:1'],
  ])('refuses bottomless nesting of %s at once', (_, text, place) => {
    expect(problemsOf(`${base}\n${text}`)).toEqual([`${place} is nested too deeply`]);
  });

  it('takes many brackets side by side and in text for what they are', () => {
    const lists = Array.from({ length: 300 }, () => '[1]').join(', ');
    expect(
      problemsOf(
        `${base}note: "${'['.repeat(500)}"\naxes: {model.hiddenLayers: [[1], [2]]}\ndescription: |\n  ${'{'.repeat(500)}\n`,
      ),
    ).toEqual([]);
    expect(problemsOf(`trainer: {command: [x]}\nparams: {x: [${lists}]}\n`)).toEqual([]);
  });

  it('reads numbers as YAML 1.2 does, and merge keys', () => {
    const [cell] = cellsOf(
      'model: resnet20\noptimizer: {<<: {name: sgd, momentum: .9}, learningRate: 1e-3, momentum: 0.8}\n',
    );
    expect(cell!.spec.optimizer).toMatchObject({ learningRate: 0.001, momentum: 0.8 });
  });

  it('points into what an alias or a merge key brings', () => {
    const text =
      'model: resnet20\noptimizer: &o\n  name: sgd\n  momentum: 2\naxes:\n  optimizer: {a: {<<: *o, learningRate: 0}}\n';
    expect(problemsOf(text)).toEqual([
      '4:13 optimizer.momentum: must be < 1, got 2',
      '4:13 axes.optimizer.a.momentum: must be < 1, got 2',
      '6:41 axes.optimizer.a.learningRate: must be > 0, got 0',
    ]);
  });
});

describe('grid files', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'grid-source-'));
  });
  afterAll(() => rm(folder, { recursive: true }));
  const write = async (name: string, content: string | Buffer) => {
    const path = join(folder, name);
    await writeFile(path, content);
    return path;
  };

  it('begin with a byte order mark or not', async () => {
    const grid = await loadGrid(await write('bom.yaml', `\uFEFF${base}`));
    expect(grid).toMatchObject({ name: 'bom', folder });
  });

  it('keep their place after CRLF lines', async () => {
    const path = await write('crlf.yaml', 'model: resnet20\r\noptimizer: sgd\r\nseed: -1\r\n');
    await expect(loadGrid(path)).rejects.toThrow(`${path}:3:7 seed: must be ≥ 0, got -1`);
  });

  it.each([
    ['empty.yaml', ' \n', /:1:1 is empty/],
    ['latin1.yaml', Buffer.from('name: caf\xe9', 'latin1'), /is not UTF-8/],
    ['utf16.yaml', Buffer.from('\uFEFFname: a', 'utf16le'), /is not UTF-8/],
    ['huge.yaml', `#${'x'.repeat(5 * 2 ** 20)}`, /is 5\.0 MiB large/],
  ])('are refused: %s', async (name, content, message) => {
    await expect(loadGrid(await write(name, content))).rejects.toThrow(message);
  });

  it('that are missing get a near name', async () => {
    await write('quickstart.yaml', base);
    const path = join(folder, 'quikstart.yaml');
    await expect(loadGrid(path)).rejects.toThrow(
      `${path}:1:1 no such file; did you mean "${join(folder, 'quickstart.yaml')}"?`,
    );
  });

  it('are no folders', async () => {
    await expect(loadGrid(folder)).rejects.toMatchObject({
      kind: 'grid',
      message: expect.stringMatching(/is a folder/),
    });
  });

  it('name missing data, with a near name, beside every other problem', async () => {
    await write('train.csv', '');
    const path = await write(
      'data.yaml',
      `model: resnet20\noptimizer: sdg\ndata:\n  format: csv\n  root: .\n  images: train.zip\n  labels: trian.csv\n`,
    );
    const error = await loadGrid(path).catch((error: Error) => error as Error);
    expect((error as Error).message.replaceAll(`${folder}/`, '')).toBe(
      [
        'data.yaml:2:12 optimizer: unknown optimizer "sdg"; did you mean "sgd"?',
        'data.yaml:6:11 data.images: no such file or folder: train.zip; did you mean "train.csv"?',
        'data.yaml:7:11 data.labels: no such file or folder: trian.csv; did you mean "train.csv"?',
      ].join('\n'),
    );
    await expect(loadGrid(path, { dataRoot: join(folder, 'nowhere') })).rejects.toThrow(
      /data\.root: no such folder: .*nowhere; say where/,
    );
  });

  it('are looked for where the slots have them, and only there', async () => {
    await write('labels.csv', '');
    const path = await write(
      'slots-data.yaml',
      `model: resnet20\noptimizer: sgd\ndata: { format: csv, root: nowhere, images: labels.csv, labels: labels.csv }\n`,
    );
    expect((await loadGrid(path, { slotRoots: new Set([folder]) })).name).toBe('slots-data');
    await expect(loadGrid(path, { slotRoots: new Set([folder, null]) })).rejects.toThrow('--data DIR');
    await expect(loadGrid(path, { slotRoots: new Set([join(folder, 'gone')]) })).rejects.toThrow(
      /data\.root: no such folder: .*gone; the slots file says/,
    );
  });
});
