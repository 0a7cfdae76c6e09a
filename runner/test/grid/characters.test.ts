import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadGrid } from '../../grid/load.js';
import { slotBackends } from '../../slots/registry.js';
import { loadSlotsFile } from '../../slots/slots-file.js';
import { base, cellsOf, labelsOf, problemsOf } from './grid-fixture.js';

const blank = "which can't be seen: write a plain blank";
const gone = "which can't be seen: delete it";

describe('characters that nobody sees, or that look like others', () => {
  it.each([
    [
      'a no-break space',
      'model:\u00a0resnet20\noptimizer: sgd\n',
      `1:7 a no-break space (U+00A0) stands here, ${blank}`,
    ],
    [
      'a narrow one',
      'model: resnet20\noptimizer:\u202fsgd\nseed: 3\n',
      `2:11 a narrow no-break space (U+202F) stands here, ${blank}`,
    ],
    [
      'a full-width colon',
      `${base}seed： 3\n`,
      '3:5 "：" (U+FF1A) stands here, which is not ":" to YAML: write that',
    ],
    [
      'one that is nested',
      `${base}train:\n  epochs： 3\n  batchSize: 3\n`,
      '4:9 "：" (U+FF1A) stands here, which is not ":" to YAML: write that',
    ],
    [
      'smart quotes',
      `${base}name: “a: b”\nseed: 1\n`,
      '3:7 "“" (U+201C) stands here, which is not """ to YAML: write that',
    ],
    [
      'a line separator',
      'model: resnet20\u2028optimizer: sgd\n',
      "1:16 a line separator (U+2028) stands here, which can't be seen: write a line end",
    ],
    [
      'a next line',
      'model: resnet20\u0085optimizer: sgd\n',
      "1:16 a next line character (U+0085) stands here, which can't be seen: write a line end",
    ],
    [
      'NUL',
      `${base}seed: 3\n# a\0b\n`,
      '4:4 a NUL (U+0000) stands here, so the file is damaged or no UTF-8 text; save it anew as UTF-8',
    ],
  ])('are the one problem where nothing can be read: %s', (_, text, problem) => {
    expect(problemsOf(text)).toEqual([problem]);
  });

  it.each([
    [
      'a zero width space in a key',
      'model: resnet20\noptimi\u200bzer: sgd\n',
      '2:1 optimi<U+200B>zer: unknown key "optimi<U+200B>zer"; did you mean "optimizer"?',
      `a zero width space (U+200B) stands at /grids/a.yaml:2:7, ${gone}`,
    ],
    [
      'one in a value',
      `${base}seed: 3\u200b\n`,
      '3:7 seed: must be a whole number, got text "3<U+200B>"',
      `a zero width space (U+200B) stands at /grids/a.yaml:3:8, ${gone}`,
    ],
    [
      'one in quotes',
      `model: resnet20\noptimizer: "sgd\u200b"\n`,
      '2:12 optimizer: unknown optimizer "sgd<U+200B>"; did you mean "sgd"?',
      `a zero width space (U+200B) stands at /grids/a.yaml:2:16, ${gone}`,
    ],
    [
      'a byte order mark in the middle',
      `${base}\ufeffseed: 3\n`,
      '3:1 <U+FEFF>seed: unknown key "<U+FEFF>seed"; did you mean "seed"?',
      `a byte order mark (U+FEFF) stands at /grids/a.yaml:3:1, ${gone}`,
    ],
    [
      'no-break spaces for indentation',
      `${base}train:\n\u00a0epochs: 3\n`,
      '4:1 <U+00A0>epochs: unknown key "<U+00A0>epochs"',
      `a no-break space (U+00A0) stands at /grids/a.yaml:4:1, ${blank}`,
    ],
    [
      'a full-width comma',
      `${base}axes: {seed: [1， 2]}\n`,
      '3:15 axes.seed[0]: must be a whole number, got text "1， 2"',
      '"，" (U+FF0C) stands at /grids/a.yaml:3:16, which is not "," to YAML: write that',
    ],
    [
      'a minus sign',
      `${base}train: {labelSmoothing: 1e−3}\n`,
      '3:25 train.labelSmoothing: must be number, got text "1e−3"',
      '"−" (U+2212) stands at /grids/a.yaml:3:27, which is not "-" to YAML: write that',
    ],
    [
      'smart quotes',
      `${base}objective: {metric: ‘validationLoss’}\n`,
      '3:21 objective.metric: unknown metric "‘validationLoss’"',
      '"‘" (U+2018) stands at /grids/a.yaml:3:21, and so does "’" (U+2019), which is not "\'" to YAML: write that',
    ],
    [
      'a mark of the writing direction',
      `${base}seed: \u202e3\n`,
      '3:7 seed: must be a whole number, got text "<U+202E>3"',
      `a mark of the writing direction (U+202E) stands at /grids/a.yaml:3:7, ${gone}`,
    ],
    [
      'a letter of another script',
      'model: resnet20\noptimizer: аdam\n',
      '2:12 optimizer: unknown optimizer "аdam"',
      '"а" (U+0430) stands at /grids/a.yaml:2:12, which is no Latin letter: type the word anew',
    ],
  ])('are named with the one problem that they make: %s', (_, text, problem, note) => {
    const problems = problemsOf(text);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(problem);
    expect(problems[0]!.endsWith(`; ${note}`)).toBe(true);
  });

  it('are nobody’s business in comments and text', () => {
    const text = `# 比較：“a”\u00a0\n${base}description: 比較：学習率、“x”\u00a0é\nnote: |\n  x：\u200b y\naxes:\n  optimizer: {学習：速い: sgd, "a\u00a0b": adam}\n`;
    expect(labelsOf(cellsOf(text))).toEqual(['optimizer=学習：速い', 'optimizer=a\u00a0b']);
    expect(problemsOf(`${text}seed: -1\n`)).toEqual(['9:7 seed: must be ≥ 0, got -1']);
    expect(problemsOf(text.replace('adam}', '{name: adamm}}'))).toEqual([
      '8:41 axes.optimizer.a<U+00A0>b.name: unknown optimizer "adamm"; did you mean "adam"?',
    ]);
  });

  it('don’t tell labels apart', () => {
    const problems = (labels: string) => problemsOf(`${base}axes: {optimizer: {${labels}}}\n`);
    expect(problems('adam: sgd, adam\u200b: adam')[0]).toContain(
      '3:31 axes.optimizer.adam<U+200B>: the label "adam<U+200B>" looks like "adam" (/grids/a.yaml:3:26); give it another',
    );
    expect(problems('"a b": sgd, "a\u00a0b": adam')[0]).toContain('the label "a<U+00A0>b" looks like "a b"');
    expect(problems('café: sgd, cafe\u0301: adam')[0]).toContain(
      'the label "cafe<U+0301>" looks like "café"',
    );
    expect(problems('x2: sgd, x²: adam')).toEqual([]);
  });
});

describe('YAML of another version', () => {
  it.each([
    ['%YAML 1.1\n---\n', '1:1 asks for YAML 1.1'],
    ['# a comment\n%YAML 1.1 # another\n---\n', '2:1 asks for YAML 1.1'],
    ['%YAML 1.3\n---\n', '1:1 asks for YAML 1.3'],
  ])('is refused: %s', (start, problem) => {
    const problems = problemsOf(`${start}${base}train: {dropLast: yes}\n`);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(`${problem}, but a grid file is YAML 1.2`);
  });

  it('is no matter in text', () => {
    expect(problemsOf(`%YAML 1.2\n---\n${base}note: |\n  %YAML 1.1\n`)).toEqual([]);
  });

  it('has words that are text', () => {
    expect(problemsOf(`${base}train: {dropLast: yes}\n`)).toEqual([
      '3:19 train.dropLast: must be true or false, got text "yes" (yes, no, on and off are text in YAML 1.2)',
    ]);
  });
});

describe('one cause is one error', () => {
  it.each([
    [
      'indentation by tabs',
      `${base}train:\n\tepochs: 3\n\tbatchSize: 3\n`,
      '4:1 tabs may not be used for indentation; use spaces',
    ],
    ['an unclosed bracket', `${base}axes: {seed: [1, 2}\nseed: 3\n`, '3:19 '],
    [
      'a line too far in',
      `${base}train:\n  epochs: 3\n   batchSize: 4\n`,
      '4:11 a second colon on this line',
    ],
    [
      'no blank after a colon',
      'model:resnet20\noptimizer: sgd\n',
      '1:1 a key must stand on one line, with a colon and a blank after it',
    ],
  ])('%s', (_, text, problem) => {
    const problems = problemsOf(text);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(problem);
  });
});

describe('files', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'grid-characters-'));
  });
  afterAll(() => rm(folder, { recursive: true }));
  const write = async (name: string, content: string | Uint8Array) => {
    const path = join(folder, name);
    await writeFile(path, content);
    return path;
  };
  const swapped = (text: string) => Buffer.from(text, 'utf16le').swap16();

  it.each([
    [
      'UTF-16 as Windows writes it',
      Buffer.from(`\ufeff${base}`, 'utf16le'),
      ':1:1 is not UTF-8 text but UTF-16,',
    ],
    ['UTF-16, big end first', swapped(`\ufeff${base}`), ':1:1 is not UTF-8 text but UTF-16,'],
    ['UTF-16 without its mark', Buffer.from(base, 'utf16le'), ':1:1 is not UTF-8 text but UTF-16,'],
    [
      'UTF-32',
      Buffer.from(Uint32Array.from(`\ufeff${base}`, c => c.codePointAt(0)!).buffer),
      ':1:1 is not UTF-8 text but UTF-32,',
    ],
    [
      'Latin-1',
      Buffer.from(`${base}note: caf\xe9 au lait\n`, 'latin1'),
      ':3:10 is not UTF-8 text: the byte 0xE9 here is "é" in Windows-1252',
    ],
    [
      'cut off in a letter',
      Buffer.from(`${base}note: café`).subarray(0, -1),
      ':3:10 is not UTF-8 text: the byte 0xC3',
    ],
  ])('of other encodings are told by them: %s', async (_, bytes, problem) => {
    for (const load of [loadGrid, loadSlotsFile])
      await expect(load(await write('a.yaml', bytes))).rejects.toThrow(problem);
  });

  it('have the line ends of any machine', async () => {
    const text = `${base}axes: {seed: [1, 2]}\nnote: |\n  two\n  lines\n`;
    for (const end of ['\n', '\r\n', '\r']) {
      const grid = await loadGrid(await write('ends.yaml', text.replaceAll('\n', end)));
      expect([grid.note, grid.dimensions.length]).toEqual(['two\nlines\n', 1]);
      const wrong = await write('wrong.yaml', `${base}seed: -1\n`.replaceAll('\n', end));
      await expect(loadGrid(wrong)).rejects.toThrow(`${wrong}:3:7 seed: must be ≥ 0, got -1`);
    }
  });

  it('of slots are told alike', async () => {
    const path = await write('slots.yaml', 'slots:\n  - backend: local\u200b\n  - { backend: toString }\n');
    const error = (await loadSlotsFile(path).catch((error: Error) => error)) as Error;
    expect(error.message.replaceAll(path, 'slots.yaml')).toBe(
      `slots.yaml:2:14 slots[0].backend: unknown backend text "local<U+200B>"; did you mean "local"?; a zero width space (U+200B) stands at slots.yaml:2:19, ${gone}\n` +
        `slots.yaml:3:16 slots[1].backend: unknown backend text "toString"; known: ${Object.keys(slotBackends).join(', ')}`,
    );
    await expect(
      loadSlotsFile(await write('twice.yaml', 'slots:\n  - {backend: local, cpus: 1, "cpus": 2}\n')),
    ).rejects.toThrow(/twice\.yaml:2:31 the key is there twice: first at .*twice\.yaml:2:22/);
  });
});
