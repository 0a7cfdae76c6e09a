/** Cost of a plan from measured epochs of like cells; says what it doesn't know. */

import type { RunSpec } from '../../trainer/contract/run-spec.js';
import type { Estimate, Plan } from '../domain/plan.js';
import type { StoredCell } from '../domain/stored-cell.js';
import { canonicalJson } from '../grid/identity/canonical-json.js';

/** Wall seconds of one epoch of a cell, as measured. */
export interface EpochTime {
  spec: Readonly<RunSpec>;
  seconds: number;
  /** Engine that it was measured on; undefined: that of the slots in use. */
  engine?: string;
}

/**
 * Epochs of stored cells.
 *
 * @param medians of a cell's epochs, by cellId
 */
export function measuredEpochTimes(
  stored: readonly StoredCell[],
  medians: ReadonlyMap<string, number>,
): EpochTime[] {
  return stored.flatMap(({ cellId, spec, provenance }) => {
    const seconds = medians.get(cellId);
    if (seconds === undefined) return [];
    return { spec, seconds, ...(provenance ? { engine: provenance.engine.name } : {}) };
  });
}

/**
 * @param times from the store (`measuredEpochTimes`) and from a probe
 * @param slots number of cells that run at once
 * @param engine name of the engine in use, if known: times of others don't count
 */
export function estimate(plan: Plan, times: readonly EpochTime[], slots: number, engine?: string): Estimate {
  const like = new Map<string, EpochTime[]>();
  for (const time of times) {
    if (engine !== undefined && time.engine !== undefined && time.engine !== engine) continue;
    const key = likeness(time.spec);
    const known = like.get(key);
    if (known) known.push(time);
    else like.set(key, [time]);
  }
  const epochTimes = new Map<string, number | undefined>();
  const durations: number[] = [];
  const result: Estimate = {
    cells: 0,
    epochs: 0,
    seconds: 0,
    finishSeconds: 0,
    unknownCells: 0,
    unknownEpochs: 0,
  };
  for (const { cell, action, fromEpoch } of plan.cells) {
    if (action === 'skip') continue;
    const epochs = Math.max(0, cell.spec.train.epochs - fromEpoch);
    result.cells++;
    result.epochs += epochs;
    const key = `${cell.spec.train.batchSize} ${likeness(cell.spec)}`;
    if (!epochTimes.has(key))
      epochTimes.set(key, epochSeconds(cell.spec, like.get(likeness(cell.spec)) ?? []));
    const seconds = epochTimes.get(key);
    if (seconds === undefined) {
      result.unknownCells++;
      result.unknownEpochs += epochs;
    } else durations.push(seconds * epochs);
  }
  result.seconds = durations.reduce((sum, seconds) => sum + seconds, 0);
  result.finishSeconds = makespan(durations, slots);
  return result;
}

const sectionIds = new Map<string, number>();
const knownIds = new WeakMap<object, number>();

/** One number for equal sections; cells share the objects, so few are written out. */
function sectionId(section: object): number {
  let id = knownIds.get(section);
  if (id === undefined) {
    const text = canonicalJson({ ...section, root: undefined });
    id = sectionIds.get(text) ?? sectionIds.size;
    sectionIds.set(text, id);
    knownIds.set(section, id);
  }
  return id;
}

/** What sets the time of an epoch beside the batch size; SAM doubles it. */
export function likeness({ model, data, trainer, optimizer }: Readonly<RunSpec>): string {
  const own = trainer === null ? `${Boolean(optimizer.sam)}` : sectionId(trainer);
  return `${sectionId(model)} ${sectionId(data)} ${own}`;
}

/** Median of the times with the nearest batch size. */
export function epochSeconds({ train }: Readonly<RunSpec>, times: readonly EpochTime[]): number | undefined {
  if (times.length === 0) return undefined;
  const distance = ({ spec }: EpochTime) => Math.abs(Math.log(spec.train.batchSize / train.batchSize));
  const nearest = Math.min(...times.map(distance));
  return median(times.filter(time => distance(time) === nearest).map(({ seconds }) => seconds));
}

/** Longest first, each on the slot that is free first. */
function makespan(durations: readonly number[], slots: number): number {
  const ends = new Array<number>(Math.max(1, Math.min(slots, durations.length))).fill(0);
  for (const duration of [...durations].sort((a, b) => b - a)) {
    const first = ends.indexOf(Math.min(...ends));
    ends[first]! += duration;
  }
  return Math.max(...ends);
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
