/** What trainers warned of, in a few lines: the same warning of many cells is one. */
import { reasonOf } from '../domain/failure-words.js';
import type { GridStatus } from '../readings/status.js';
import { cellName, shortId } from '../text/names.js';

const shown = 5;

/** `  3 cells (3fa1…, …): warning: 26 of 606 tensors were taken`, or which cell where it is one. Most cells first. */
export function warningLines(warnings: GridStatus['warnings']): string[] {
  const byText = new Map<string, GridStatus['warnings']>();
  for (const warning of warnings) {
    const same = byText.get(warning.text) ?? [];
    same.push(warning);
    byText.set(warning.text, same);
  }
  const lines = [...byText]
    .sort(([, a], [, b]) => b.length - a.length)
    .slice(0, shown)
    .map(([text, [first, ...others]]) => {
      const { cell, labels } = first!;
      const who =
        others.length === 0
          ? `${shortId(cell)} ${cellName(cell, labels)}`
          : `${others.length + 1} cells (${shortId(cell)}, …)`;
      return `  ${who}: warning: ${reasonOf(text)}`;
    });
  const more = byText.size - shown;
  return more > 0 ? [...lines, `  … and ${more} other warnings`] : lines;
}
