/** The next grid, written: the grid's own file with what the results suggest. */
import { dirname } from 'node:path';
import { parseDocument } from 'yaml';
import type { Suggestion } from '../../conclusions/suggestions/suggestion.js';
import type { Cell } from '../../domain/cell.js';
import { UsageError } from '../../domain/error.js';
import { GridError } from '../../domain/problem.js';
import { expandGrid } from '../../grid/expand.js';
import { type LoadOptions, parseGrid } from '../../grid/load.js';
import { waysOf } from './changes.js';

export interface NextGrid {
  /** Without the comments on top. */
  text: string;
  cells: Cell[];
  followed: { suggestion: Suggestion; words: string }[];
  /** Why a suggestion isn't in it. */
  leftOut: { suggestion: Suggestion; reason: string }[];
}

/** Keys of a file that are about the grid that was run. */
const ownKeys = ['note', 'expect'];

/**
 * @param file of the grid that was run, with its text; the next one will be `out`
 * @throws GridError where the file has problems; UsageError where `out` would mean other files by its relative paths
 */
export function nextGrid(
  { file, text, out, name }: { file: string; text: string; out: string; name: string },
  suggestions: readonly Suggestion[],
  sources: LoadOptions,
): NextGrid {
  const document = parseDocument(text, { merge: true });
  document.set('name', name);
  for (const key of ownKeys) document.delete(key);
  let next = { text: document.toString({ lineWidth: 0 }), grid: parseGrid(file, text, sources) };
  const followed: NextGrid['followed'] = [];
  const leftOut: NextGrid['leftOut'] = [];
  for (const { suggestion, models } of gathered(suggestions)) {
    const found = followedBy(suggestion, models, next.text, { file, sources });
    if ('reason' in found) leftOut.push({ suggestion, reason: found.reason });
    else {
      followed.push({ suggestion, words: found.words });
      next = found;
    }
  }
  const cells = expandGrid(parseGrid(out, next.text, sources));
  if (dirname(out) !== dirname(file)) checkPlaces(cells, expandGrid(next.grid), file);
  return { text: next.text, cells, followed, leftOut };
}

/** Suggestions of one kind for several models are one change, with all of these. */
function gathered(suggestions: readonly Suggestion[]): { suggestion: Suggestion; models: string[] | null }[] {
  const found: { suggestion: Suggestion; models: string[] | null }[] = [];
  for (const suggestion of suggestions) {
    const { model, change } = suggestion;
    const known = found.find(other => model !== null && other.suggestion.change.kind === change.kind);
    if (known !== undefined) known.models!.push(model!);
    else found.push({ suggestion, models: model === null ? null : [model] });
  }
  return found;
}

function followedBy(
  suggestion: Suggestion,
  models: readonly string[] | null,
  text: string,
  { file, sources }: { file: string; sources: LoadOptions },
): { text: string; grid: ReturnType<typeof parseGrid>; words: string } | { reason: string } {
  // What stays in costs little; what is taken out must be known to be worse.
  if (suggestion.change.kind === 'drop' && suggestion.claim.verdict !== 'holds')
    return { reason: 'it can’t be told from chance' };
  let reason = 'there is no setting for it that isn’t in the grid';
  for (const { words, apply } of waysOf(suggestion, models, parseGrid(file, text, sources))) {
    const document = parseDocument(text, { merge: true });
    try {
      apply(document);
      const changed = document.toString({ lineWidth: 0 });
      const grid = parseGrid(file, changed, sources);
      expandGrid(grid);
      return { text: changed, grid, words };
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      reason = error instanceof GridError ? error.problems[0]!.message : error.message;
    }
  }
  return { reason };
}

/** A file in another folder must mean the same data and weights. */
function checkPlaces(cells: readonly Cell[], beside: readonly Cell[], file: string): void {
  const placesOf = (all: readonly Cell[]) =>
    [...new Set(all.map(({ spec }) => `${spec.data.root}\n${spec.init?.from ?? ''}`))].sort().join('\n\n');
  const isExternal = beside.some(({ spec }) => spec.trainer !== null);
  if (!isExternal && placesOf(cells) === placesOf(beside)) return;
  throw new UsageError(
    `--out: the paths in ${file} are relative to its folder, so that the next grid must be there, too: ${dirname(file)}`,
  );
}
