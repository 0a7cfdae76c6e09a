import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { suggestionsOf } from '../../conclusions/suggestions/suggestions.js';
import { UsageError } from '../../domain/error.js';
import { costOfCells } from '../../planning/cost-of-cells.js';
import { gridSources } from '../../planning/grid-sources.js';
import { commentsOf, costWords } from '../../planning/next-grid/comments.js';
import { nextGrid } from '../../planning/next-grid/next-grid.js';
import { ResultsPaths } from '../../store/run-paths.js';
import type { StoreReader } from '../../store/run-store.js';
import { plain } from '../../text/names.js';
import type { CommandContext } from '../context.js';
import type { Options } from '../options.js';
import { printJson, printLine } from '../output.js';
import { withReader } from '../with-store.js';

type Own = Options<'nextFile' | 'json'>;

export async function writeNextGrid(
  name: string | undefined,
  options: Own,
  context: CommandContext,
): Promise<void> {
  const sources = gridSources(new ResultsPaths(options.results), options.data);
  await withReader(options, store => {
    const before = store.grid(name);
    const file = resolve(before.file);
    const text = textOf(before.file, before.name);
    const suggestions = suggestionsOf(store, before.name);
    if (suggestions.length === 0)
      throw new UsageError(
        `${before.name}: the results suggest nothing yet: no best value at the end of an axis, no curve that still rises or overfits, no value that never won. \`grid report ${JSON.stringify(before.name)}\` says what there is`,
      );
    const next = freeName(before.name, store);
    const out = options.out === undefined ? join(dirname(file), `${next}.yaml`) : resolve(options.out);
    if (existsSync(out)) throw new UsageError(`${out} is there already; --out FILE names another`);
    const made = nextGrid({ file, text, out, name: next }, suggestions, sources);
    if (made.followed.length === 0)
      throw new UsageError(
        `${before.name}: none of ${suggestions.length} suggestions could be put into ${before.file}: ${made.leftOut.map(({ reason }) => reason).join('; ')}`,
      );
    const cost = costOfCells(made.cells, store, before.name);
    const day = new Date().toISOString().slice(0, 10);
    mkdirSync(dirname(out), { recursive: true });
    // Not over a file that has come in between, either.
    writeFileSync(out, commentsOf(made, cost, { grid: before.name, day }) + made.text, { flag: 'wx' });
    if (options.json) printJson(context, { grid: next, file: out, cells: made.cells.length, cost });
    else {
      for (const { words, suggestion } of made.followed)
        printLine(context, `${plain(words)}  (${suggestion.claim.verdict}: ${plain(suggestion.claim.text)})`);
      for (const { suggestion, reason } of made.leftOut)
        printLine(
          context,
          `left out: ${plain(suggestion.advice)} ${plain(suggestion.claim.text)} (${plain(reason)})`,
        );
      printLine(context, `${made.cells.length} cells, ${cost.cells} new: ${costWords(cost)}`);
      printLine(context, `→ ${out}`);
    }
  });
}

function textOf(file: string, grid: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new UsageError(
      `${grid}: its file is needed, and can’t be read: ${(cause as Error).message}; \`grid run\` of the grid from where it is now says where it is`,
      { cause },
    );
  }
}

/** `sweep` → `sweep-2`, `sweep-2` → `sweep-3`; one that no results are of. */
function freeName(name: string, store: StoreReader): string {
  const taken = new Set(store.grids().map(grid => grid.name));
  const plainName = name.replace(/ \(.*\)$/, '');
  const [, stem = plainName, number = '1'] = /^(.*?)-(\d+)$/.exec(plainName) ?? [];
  let next = Number(number) + 1;
  while (taken.has(`${stem}-${next}`)) next++;
  return `${stem}-${next}`;
}
