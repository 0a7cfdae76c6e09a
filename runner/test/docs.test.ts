/** What the documents tell users to type is run, or at least read, by the real program. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { programOf } from '../cli/commander.js';
import { verbs } from '../cli/verbs.js';
import { expandGrid } from '../grid/expand.js';
import { parseGrid } from '../grid/load.js';
import { loadSlotsFile } from '../slots/slots-file.js';
import { openStore } from '../store/open-store.js';
import { ResultsPaths } from '../store/run-paths.js';
import { defaultDriver } from '../store/sqlite/sqlite.js';
import { silentContext } from './fixtures/in-process.js';
import { cells, complete, grid, resultsFolder } from './store/fixtures.js';

const documents = ['README.md', 'grids/README.md', 'results/README.md', 'trainer/contract/README.md'];
const textOf = (document: string) => readFileSync(document, 'utf8');

/** Contents of the fenced blocks of a language. */
const blocks = (text: string, language: string): string[] =>
  [...text.matchAll(new RegExp(`^( *)\`\`\`${language}\n(.*?)^ *\`\`\`$`, 'gms'))].map(([, , code]) => code!);

/** Commands of the shell blocks, and those in the middle of a sentence; without what the shell makes of them. */
function commandsOf(text: string): { line: string; whole: boolean }[] {
  const shell = blocks(text, 'sh').flatMap(block => block.split('\n'));
  const inline = [...text.replace(/^ *```.*?^ *```$/gms, '').matchAll(/`([^`\n]+)`/g)].map(
    ([, code]) => code!,
  );
  const split = (line: string, whole: boolean) =>
    line
      .replace(/(^|\s)#.*$/, '')
      // Not within quotes.
      .split(/(?:&&|\||>|;)(?=(?:[^"]*"[^"]*")*[^"]*$)/)
      .map(part => ({ line: part.trim(), whole }));
  return [...shell.flatMap(line => split(line, true)), ...inline.flatMap(line => split(line, false))];
}

const words = (line: string) =>
  [...line.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(([, a, b, c]) => a ?? b ?? c!);

const gridCommands = documents.flatMap(document =>
  commandsOf(textOf(document)).flatMap(({ line, whole }) => {
    const [command, ...rest] = words(line.replace(/^npx /, ''));
    // `grid COMMAND --help` stands for all of them; an option may be left out: `[NAME…]`.
    return command === 'grid' && rest.length > 0 && !/^[A-Z]+$/.test(rest[0]!)
      ? [{ document, line, rest, whole }]
      : [];
  }),
);

test('there are commands to try', () => {
  expect(gridCommands.length).toBeGreaterThan(25);
});

test.each(gridCommands)('$document: $line', async ({ rest, whole }) => {
  const context = silentContext();
  const verb = verbs.find(({ usage }) => usage.split(' ')[0] === rest[0]);
  // `grid --help` and the like.
  if (verb === undefined) return expect(rest[0]).toMatch(/^-/);
  const program = await programOf(verb, context);
  for (const command of program.commands) command.action(() => {});
  const problem = await program.parseAsync(rest, { from: 'user' }).then(
    () => undefined,
    (error: { code?: string }) => error.code,
  );
  // In a sentence a command may stand for itself, without what it needs.
  const incomplete = ['missingArgument', 'optionMissingArgument', 'missingMandatoryOptionValue'];
  const allowed = [undefined, ...(whole ? [] : incomplete.map(code => `commander.${code}`))];
  expect(allowed, context.written.stderr).toContain(
    problem === 'commander.helpDisplayed' ? undefined : problem,
  );
  for (const file of rest.filter(word => /^grids\/.*\.yaml$/.test(word)))
    expect(existsSync(file), file).toBe(true);
});

test('npm scripts that are named are there', () => {
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };
  const named = documents.flatMap(document =>
    [...textOf(document).matchAll(/npm run ([\w-]+)/g)].map(([, name]) => name!),
  );
  expect(named.length).toBeGreaterThan(3);
  for (const name of named) expect(Object.keys(scripts)).toContain(name);
});

describe('grids', () => {
  /** What a snippet leaves out since it shows one thing. */
  const rest = { model: 'resnet20', optimizer: 'sgd' };
  const axes = {
    model: ['resnet18', 'resnet50'],
    optimizer: ['sgd', 'adamw'],
    scheduler: ['cosine', 'linear'],
    'train.batchSize': [64, 128, 256],
  };
  const snippets = documents.flatMap(document =>
    blocks(textOf(document), 'yaml').map((text, index) => ({ document, index, text })),
  );

  test('there are snippets to try', () => {
    expect(snippets.length).toBeGreaterThan(12);
  });

  test.each(snippets)('of $document, snippet $index', async ({ text }) => {
    const given = parse(text) as Record<string, unknown>;
    if ('slots' in given) return;
    const needsAxes =
      ['exclude', 'include', 'sample', 'expect'].some(key => key in given) && !('axes' in given);
    const whole = { ...rest, ...(needsAxes ? { axes } : {}), ...given };
    // As written, so that problems of the YAML itself are found, too.
    const added = Object.entries(whole).filter(([key]) => !(key in given));
    const source = `${text}\n${added.map(([key, value]) => `${key}: ${JSON.stringify(value)}`).join('\n')}\n`;
    expect(expandGrid(parseGrid('grids/snippet.yaml', source)).length).toBeGreaterThan(0);
  });

  test('the slots file of the examples opens', async () => {
    expect(await loadSlotsFile('grids/slots.example.yaml')).not.toEqual([]);
  });
});

describe('SQL of results/README.md', () => {
  const text = textOf('results/README.md');
  const queries = blocks(text, 'sql')
    .join('\n')
    .split(/;\s*$/m)
    .map(query => query.trim())
    .filter(query => query !== '');

  test('finds something in a real store', async () => {
    expect(queries.length).toBeGreaterThanOrEqual(3);
    const folder = resultsFolder();
    const store = await openStore(folder);
    const list = cells(3).map((cell, index) => ({ ...cell, cellId: `3fa9${index}`.padEnd(16, '0') }));
    store.registerGrid({ ...grid, name: 'quickstart' }, list);
    complete(store, list[0]!.cellId, [0.1, 0.2]);
    const again = store.startRun(list[0]!.cellId, 's');
    store.recordEpoch(again, { epoch: 3, step: 30, metrics: { validationLoss: 0.5 } });
    store.finishRun(again, { state: 'completed' });
    const failed = store.startRun(list[1]!.cellId, 's');
    store.recordWarning(failed, 'slow');
    store.finishRun(failed, { state: 'failed', failure: { class: 'crash', message: 'gone', step: 3 } });
    store.close();
    const { DatabaseSync } = await defaultDriver();
    const database = new DatabaseSync(new ResultsPaths(folder).store, { readOnly: true });
    for (const query of queries) expect(database.prepare(query).all(), query).not.toEqual([]);
    database.close();
  });

  test('backs a store up', async () => {
    const folder = resultsFolder();
    const store = await openStore(folder);
    store.registerGrid(grid, cells(2));
    const [, statement] = /`sqlite3 results\/store\.db "(.*?)"`/.exec(text)!;
    const { DatabaseSync } = await defaultDriver();
    const database = new DatabaseSync(new ResultsPaths(folder).store);
    const copy = resultsFolder();
    database.exec(statement!.replace('backup.db', join(copy, 'store.db').replaceAll("'", "''")));
    database.close();
    store.close();
    const restored = await openStore(copy, { readOnly: true });
    expect(restored.storedCells(grid.name)).toHaveLength(2);
    restored.close();
  });
});

test('every table and column that results/README.md names is there, and none is left out', async () => {
  const folder = resultsFolder();
  (await openStore(folder)).close();
  const { DatabaseSync } = await defaultDriver();
  const database = new DatabaseSync(new ResultsPaths(folder).store, { readOnly: true });
  const tables = database
    .prepare(`SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'`)
    .all() as { name: string }[];
  const section = textOf('results/README.md').split('## Tables')[1]!.split('\n## ')[0]!;
  const rows = new Map(
    [...section.matchAll(/^\| `(\w+)` \|.*?\| (.*) \|$/gm)].map(([, table, columns]) => [table!, columns!]),
  );
  expect([...rows.keys()].sort()).toEqual(tables.map(({ name }) => name).sort());
  for (const { name } of tables) {
    const columns = database.prepare(`SELECT name FROM pragma_table_info('${name}')`).all() as {
      name: string;
    }[];
    const told = [
      ...rows
        .get(name)!
        .replace(/\([^)]*\)/g, '')
        .matchAll(/`(\w+)`/g),
    ].map(([, column]) => column);
    expect(told.sort(), name).toEqual(columns.map(column => column.name).sort());
  }
  database.close();
});
