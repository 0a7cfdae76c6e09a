/** Which of two results folders is further with a cell. Pure. */
import { createHash } from 'node:crypto';
import type { EpochRecord } from '../../../trainer/contract/events.js';
import { isShort, isWhole, type RunState } from '../../domain/run-state.js';
import { canonicalJson } from '../../grid/identity/canonical-json.js';
import type { CellHistory } from '../sqlite/cell-history.js';
import type { Row } from '../sqlite/record-lines.js';

/** A cell as one folder has it. */
export interface Side {
  state: RunState;
  history: CellHistory;
}

/**
 * - `same`: ours has all that theirs has;
 * - `new`: ours has nothing of it;
 * - `theirs`, `ours`: that one is further, and the other one has something else;
 * - `conflict`: both are completed, with different results.
 */
export type Verdict = 'same' | 'new' | 'theirs' | 'ours' | 'conflict';

export function compare(ours: Side, theirs: Side): Verdict {
  if (!hasBegun(theirs) || covers(ours, theirs)) return 'same';
  if (!hasBegun(ours)) return 'new';
  if (isWhole(ours.state) && isWhole(theirs.state))
    return resultOf(ours) === resultOf(theirs) ? 'same' : 'conflict';
  return covers(theirs, ours) || isFurther(theirs, ours) ? 'theirs' : 'ours';
}

export const hasBegun = ({ state, history }: Side): boolean =>
  history.runs.length > 0 || history.epochs.length > 0 || isShort(state);

/** All that one has grew into the other: its runs are the first ones of the other, which got as far at least. */
function covers(one: Side, other: Side): boolean {
  const runs = new Set(one.history.runs.map(({ run }) => keyOf(run)));
  return other.history.runs.every(({ run }) => runs.has(keyOf(run))) && !isFurther(other, one);
}

const keyOf = ({ attempt, started_ms, host, pid, slot_id }: Row) =>
  JSON.stringify([attempt, started_ms, host, pid, slot_id]);

function isFurther(one: Side, other: Side): boolean {
  const [a, b] = [one, other].map(({ state, history }): [number, number] => [
    isWhole(state) ? 2 : isShort(state) ? 1 : 0,
    history.epochs.at(-1)?.epoch ?? 0,
  ]) as [[number, number], [number, number]];
  return a[0] !== b[0] ? a[0] > b[0] : a[1] > b[1];
}

/** How fast it went, and what it took: the same result comes with other ones each time. */
const measured = new Set(['seconds', 'imagesPerSecond', 'dataWaitShare', 'memoryMegabytes']);

/** Equal for equal results: the weights and all metrics. */
function resultOf({ history }: Side): string {
  const { trainedRun } = history.cell ?? {};
  const trained = history.runs.find(({ run }) => run.attempt === trainedRun) ?? history.runs.at(-1);
  return hash({
    weights: trained?.run.weights_hash ?? null,
    epochs: history.epochs.map(({ epoch, metrics }) => [epoch, withoutMeasured(metrics)]),
  });
}

const withoutMeasured = (metrics: EpochRecord['metrics']) =>
  Object.fromEntries(Object.entries(metrics).filter(([name]) => !measured.has(name)));

/** Names what a side has of a cell by its content: the runs and their epochs. */
export const contentOf = ({ history }: Side): string =>
  hash({ runs: history.runs.map(({ run }) => keyOf(run)), epochs: history.epochs }).slice(0, 16);

const hash = (value: unknown): string => createHash('sha256').update(canonicalJson(value)).digest('hex');
