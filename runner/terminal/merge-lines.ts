/** What `grid merge` tells. */
import type { Differing, MergeConflict, MergeReport, MergeResult } from '../domain/merge-report.js';
import { plain, shortId } from '../text/names.js';

const shownCells = 20;

export function mergeLines(report: MergeReport): string[] {
  const { folder, cells, added, same, taken, kept, conflicts, problems } = report;
  const parts = [
    added > 0 && `${added} new`,
    same > 0 && `${same} with nothing to do`,
    taken.length > 0 && `${taken.length} further there and taken`,
    kept.length > 0 && `${kept.length} further here and kept`,
    conflicts.length > 0 && `${conflicts.length} with different results`,
    problems.length > 0 && `${problems.length} left out`,
  ].filter(part => part !== false);
  const open = conflicts.filter(({ isOpen }) => isOpen).length;
  return [
    `${folder}: ${cells} cell${cells === 1 ? '' : 's'}${parts.length > 0 ? `: ${parts.join(', ')}` : ''}`,
    ...some(taken, cell => `  ${shortId(cell.cellId)} taken${asideWords(cell, 'what was here')}`),
    ...some(kept, cell => `  ${shortId(cell.cellId)} kept${asideWords(cell, 'what is there')}`),
    ...some(conflicts, conflictLine),
    ...problems.map(problem => `  left out: ${plain(problem)}`),
    ...(open > 0
      ? [
          'Different results were left as they are: --prefer ours keeps those of this folder, --prefer theirs takes the others; nothing is lost either way.',
        ]
      : []),
  ];
}

const some = <T>(items: readonly T[], line: (item: T) => string): string[] => [
  ...items.slice(0, shownCells).map(line),
  ...(items.length > shownCells ? [`  … and ${items.length - shownCells} more (--json has all)`] : []),
];

const asideWords = ({ aside }: Differing, what: string) => (aside === null ? '' : `; ${what} is in ${aside}`);

function conflictLine(conflict: MergeConflict): string {
  const { cellId, ours, theirs, kept, isOpen } = conflict;
  const both = `here ${resultWords(ours)}, there ${resultWords(theirs)}`;
  const became = isOpen
    ? ''
    : `; ${kept} kept${asideWords(conflict, kept === 'ours' ? 'theirs' : 'what was here')}`;
  return `  ${shortId(cellId)} differs: ${both}${became}`;
}

function resultWords({ value, weightsHash, engine, host, endedMs }: MergeResult): string {
  const more = [
    weightsHash !== null && `weights ${weightsHash.slice(0, 8)}`,
    engine,
    host,
    endedMs !== null && new Date(endedMs).toISOString().slice(0, 16),
  ].filter(part => typeof part === 'string');
  return `${value === null ? 'no value' : Number(value.toPrecision(6))} (${more.join(', ')})`;
}
