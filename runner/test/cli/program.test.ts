import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { overview as overviewText } from '../../cli/overview.js';
import { verbs } from '../../cli/verbs.js';
import { startGrid, workFolder } from '../fixtures/cli.js';
import { callGrid } from '../fixtures/in-process.js';

/** Files of this project, and packages, that a call of `grid` loads. */
async function loadedBy(...args: string[]): Promise<string[]> {
  const folder = workFolder();
  const coverage = join(folder, 'coverage');
  await startGrid(folder, args, { NODE_V8_COVERAGE: coverage });
  return readdirSync(coverage)
    .flatMap(name => JSON.parse(readFileSync(join(coverage, name), 'utf8')).result as { url: string }[])
    .map(({ url }) => url)
    .filter(url => url.startsWith('file:'))
    .map(url => url.replace(/^.*\/(?:dist|(node_modules\/[^/]+))\/.*?/, (_, name) => name ?? ''));
}

const handlers = (files: readonly string[]) => files.filter(url => url.includes('/cli/verbs/'));

/** What every call loads: little, since all that is asked for often waits for it. */
const always = [
  'runner/main.js',
  'runner/cli/global-options.js',
  'runner/cli/program.js',
  'runner/cli/verbs.js',
  'runner/cli/wishes.js',
  'trainer/files/outputs.js',
];
const overview = ['runner/cli/overview.js', 'runner/text/lines.js', 'runner/text/width.js'];

test.each([
  { args: ['--help'], more: overview },
  { args: ['-h'], more: overview },
  { args: ['help'], more: overview },
  { args: [], more: overview },
  { args: ['--results', 'x', '--help'], more: overview },
  {
    args: ['--version'],
    more: ['runner/cli/output.js', 'runner/cli/verbs/version.js'],
  },
  {
    args: ['-V'],
    more: ['runner/cli/output.js', 'runner/cli/verbs/version.js'],
  },
  { args: ['lederboard'], more: ['runner/grid/yaml/nearest.js'] },
  {
    args: ['help', 'lederboard'],
    more: ['runner/grid/yaml/nearest.js'],
  },
])('grid $args loads the tables alone, no Commander and no room below', async ({ args, more }) => {
  const loaded = (await loadedBy(...args)).filter(file => !file.startsWith('trainer/contract/'));
  expect(loaded.sort()).toEqual([...always, ...more].sort());
});

test('help of a verb loads no handler', async () => {
  for (const args of [
    ['run', '--help'],
    ['help', 'predict'],
  ]) {
    const files = await loadedBy(...args);
    expect(files).toContain('runner/cli/options.js');
    expect(handlers(files)).toEqual([]);
    expect(files.filter(file => !file.startsWith('node_modules')).length).toBeLessThan(15);
  }
});

test.each([
  [[], 2, 'stderr', 'Usage: grid [options] [command]'],
  [['--help'], 0, 'stdout', 'Usage: grid [options] [command]'],
  [['help', '--help'], 0, 'stdout', 'Usage: grid [options] [command]'],
  [['--results=x', 'help'], 0, 'stdout', 'Usage: grid [options] [command]'],
  [['help', 'status'], 0, 'stdout', 'Usage: grid status [options]'],
  [['--version'], 0, 'stdout', 'gridfarm '],
  [['lrfind'], 2, 'stderr', "unknown command 'lrfind'\n(Did you mean lr-find?)"],
  [['help', 'stauts'], 2, 'stderr', 'Did you mean status?'],
  [['--resuls', 'x', 'status'], 2, 'stderr', 'Did you mean --results?'],
  [['--results'], 2, 'stderr', 'argument missing'],
  [['--', 'status'], 2, 'stderr', 'no command'],
  [
    ['leaderboard', '--top', '0'],
    2,
    'stderr',
    "option '--top <n>' argument '0' is invalid. --top must be a whole number",
  ],
  [['--engine', 'gpu', 'status'], 2, 'stderr', 'Allowed choices are tensorflow, wasm, cpu'],
  [['status', 'extra'], 2, 'stderr', 'too many arguments'],
] as const)('grid %j', async (args, code, output, words) => {
  const called = await callGrid(args);
  expect(called[output]).toContain(words);
  expect(called.exitCode).toBe(code);
});

test('the overview names every verb and keeps to the width', () => {
  for (const width of [60, 80, 200]) {
    const lines = overviewText(width).split('\n');
    for (const { usage } of verbs)
      expect(lines.some(line => line.startsWith(`  ${usage.split(' ')[0]}`))).toBe(true);
    const table = lines.slice(0, lines.indexOf('Examples:'));
    expect(Math.max(...table.map(line => line.length))).toBeLessThanOrEqual(width);
  }
});

test('a verb loads its own handler alone', async () => {
  const [own, ...others] = handlers(await loadedBy('version'));
  expect(own).toBe('runner/cli/verbs/version.js');
  expect(others).toEqual([]);
});

test('every handler is there', async () => {
  for (const { load } of verbs) expect(typeof (await load())).toBe('function');
});

test('a verb takes no option twice', () => {
  for (const { usage, options } of verbs)
    expect([usage, new Set(options).size]).toEqual([usage, options.length]);
});
