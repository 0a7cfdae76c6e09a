/** A reproducible part of the cells. */
import type { Cell } from '../../domain/cell.js';
import type { Sample } from '../../domain/grid.js';
import { sha256 } from '../identity/sha256.js';

/**
 * The `count` cells whose hash with the seed is smallest, in their order. Which are drawn depends on the cells
 * alone, not on their order or labels, and a larger count or one more axis value keeps most of them.
 */
export function sampleCells(cells: readonly Cell[], sample: Sample | null): readonly Cell[] {
  if (sample === null || sample.count >= cells.length) return cells;
  const ranked = cells.map((cell, index) => ({
    index,
    rank: sha256(`${sample.seed}:${cell.cellId}`),
  }));
  ranked.sort((a, b) => (a.rank < b.rank ? -1 : 1));
  const drawn = ranked.slice(0, sample.count).map(({ index }) => index);
  return drawn.sort((a, b) => a - b).map(index => cells[index]!);
}
