/** The cells of a grid in parts, for machines that don't know of each other. */
import type { Cell } from '../../domain/cell.js';
import { canonicalJson } from '../../grid/identity/canonical-json.js';
import { relativeCost } from './relative-cost.js';

interface Kind {
  /** Indexes of its cells, in the grid's order. */
  cells: number[];
  /** Of one of them. */
  cost: number;
}

/**
 * The shard of each cell, from 1 on, in the order of the cells. It comes of their settings alone, so it is the same on every machine.
 *
 * Cells of a kind, which take the same time (seeds, and what else doesn't set it), are dealt out evenly, whatever the kind costs: no shard
 * has two more of one than another. What is left over of each kind goes to the shards that have the least to do by estimated cost,
 * costly kinds first. So the seeds of a family are spread: each shard's own leaderboard has rows that wait for seeds.
 */
export function shardsOf(cells: readonly Pick<Cell, 'spec'>[], count: number): number[] {
  const kinds = new Map<string, Kind>();
  for (const [index, { spec }] of cells.entries()) {
    const key = kindOf(spec);
    const kind = kinds.get(key);
    if (kind !== undefined) kind.cells.push(index);
    else kinds.set(key, { cells: [index], cost: relativeCost(spec) });
  }
  const costlyFirst = [...kinds.values()].sort((a, b) => b.cost - a.cost || a.cells[0]! - b.cells[0]!);
  const shards = new Array<number>(cells.length);
  const load = new Array<number>(count).fill(0);
  for (const kind of costlyFirst) {
    const dealt = kind.cells.length - (kind.cells.length % count);
    for (const [turn, index] of kind.cells.slice(0, dealt).entries()) shards[index] = (turn % count) + 1;
    const left = kind.cells.slice(dealt);
    const leastFirst = [...load.keys()].sort((a, b) => load[a]! - load[b]! || a - b);
    for (const [turn, index] of left.entries()) {
      const shard = leastFirst[turn]!;
      load[shard]! += kind.cost;
      shards[index] = shard + 1;
    }
  }
  return shards;
}

/** All that may set how long a cell takes. */
function kindOf({ model, data, augmentation, train, optimizer, trainer, params }: Cell['spec']): string {
  const { name, sam, lookahead } = optimizer;
  return [
    ...[model, data, augmentation, train, { name, sam, lookahead }, params].map(part),
    trainer === null ? '' : part(trainer),
  ].join();
}

const parts = new WeakMap<object, string>();

/** Without where data lies. Cells share their sections, so few are written out. */
function part(section: object): string {
  let text = parts.get(section);
  if (text === undefined) {
    text = canonicalJson({ ...section, root: undefined });
    parts.set(section, text);
  }
  return text;
}
