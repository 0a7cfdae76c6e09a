/** What a run of a grid would do, cell by cell, and why. Pure: reads no store and starts nothing. */

import type { DataSpec, RunSpec } from '../../trainer/contract/run-spec.js';
import type { Cell } from '../domain/cell.js';
import { engineChange, type KnownEngine } from '../domain/engine-change.js';
import {
  type CellState,
  namesOfPlanStates,
  type Plan,
  type PlannedCell,
  planStates,
  type Shard,
} from '../domain/plan.js';
import { hasFailed, isCutOff, isShort, isWhole, stateTable, waitsForUser } from '../domain/run-state.js';
import type { StoredCell } from '../domain/stored-cell.js';
import { type CurrentInputs, inputChanges } from '../grid/identity/inputs/trainer-inputs.js';
import { shardsOf } from './shards/shards.js';

/** What results would rest on if they were made now. */
export interface CurrentProvenance {
  /** That of a run of this spec on the data as they are now. */
  trainerVersionOf(spec: Readonly<RunSpec>): string;
  /** Engines of the slots in use. A result of any of them is up to date. */
  engines: readonly KnownEngine[];
  /** Engines that the slots can be told to use as well: what was begun on one of them goes on there. */
  otherEngines?: readonly KnownEngine[];
  /** Slots of other machines may come, with whatever engine these have: a result of any is up to date. */
  othersMayCome?: boolean;
  /** Fingerprint of what lies at `data.root` now; undefined where it wasn't looked at. */
  fingerprintOf(data: DataSpec): string | undefined;
  /** Files of the grid's own trainer; absent for the shared one. */
  inputs?: CurrentInputs | undefined;
}

export interface PlanOptions {
  /** Train stale cells again, from the beginning. */
  rerunStale?: boolean;
  /** Run failed cells again; else they are left until `grid retry`. */
  retryFailed?: boolean;
  /** Cells that the grid's rule stops, by what is stored; those that it had stopped and that aren't among them go on. */
  ruledOut?: ReadonlySet<string>;
  /** Only cells of this part are run. */
  shard?: Shard | undefined;
}

/**
 * @param stored what the store knows of this grid's cells, and of those of other grids that are equal to one of its cells
 * @param provenance undefined where it is not known; nothing is stale then
 */
export function plan(
  cells: readonly Cell[],
  stored: readonly StoredCell[],
  provenance: CurrentProvenance | undefined,
  { rerunStale = false, retryFailed = false, shard, ruledOut = new Set() }: PlanOptions = {},
): Plan {
  const shards = shard === undefined ? undefined : shardsOf(cells, shard.of);
  const unclaimed = new Map(stored.map(result => [result.cellId, result]));
  const counts = Object.fromEntries(namesOfPlanStates.map(state => [state, 0])) as Plan['counts'];
  const planned = cells.map((cell, index): PlannedCell => {
    const result = unclaimed.get(cell.cellId);
    const isFree = result !== undefined && isRuledOut(result) && !ruledOut.has(cell.cellId);
    const status = statusOf(cell, isFree ? { ...result, state: 'interrupted' } : result, provenance);
    unclaimed.delete(cell.cellId);
    if (shards !== undefined && shards[index] !== shard!.number)
      return { cell, status, action: 'skip', fromEpoch: 0, otherShard: shards[index]! };
    counts[status.state]++;
    const { starts, goesOn } = planStates[status.state];
    const isRun =
      starts === 'byItself' ||
      (starts === 'onRetry' && retryFailed) ||
      (starts === 'onRerun' && mayBeginAnew(result, rerunStale));
    const fromEpoch = isRun && goesOn && 'epoch' in status ? status.epoch : 0;
    return { cell, status, action: isRun ? 'run' : 'skip', fromEpoch };
  });
  const isUnknown = ({ spec, inputs, epochs }: StoredCell) =>
    spec.trainer !== null && inputs === null && epochs > 0;
  const unknownInputs = stored.filter(cell => !unclaimed.has(cell.cellId) && isUnknown(cell)).length;
  const removed = [...unclaimed.values()];
  return { cells: planned, ...(shard !== undefined && { shard }), counts, removed, unknownInputs };
}

/** The rule of a grid has stopped it, not the user. */
const isRuledOut = ({ state, rung }: StoredCell): boolean => isShort(state) && rung?.at === 'out';

/** A stale cell: one that was queued by hand runs, if it must be from the beginning; one that the user holds back doesn't. */
const mayBeginAnew = (stored: StoredCell | undefined, rerunStale: boolean): boolean =>
  stored !== undefined &&
  !waitsForUser(stored.state) &&
  (rerunStale || (stateTable[stored.state].startsByItself && !isCutOff(stored.state)));

function statusOf(
  cell: Cell,
  stored: StoredCell | undefined,
  provenance: CurrentProvenance | undefined,
): CellState {
  if (stored === undefined) return { state: 'new' };
  const { state, epochs: epoch, failure, attempts, holder } = stored;
  if (stateTable[state].held) return { state: 'running', epoch, holder };
  if (waitsForUser(state)) {
    // What it rests on may have changed meanwhile, as with any other that was begun.
    const status = statusOf(cell, { ...stored, state: 'interrupted' }, provenance);
    return status.state === 'interrupted' ? { ...status, state: 'paused' } : status;
  }
  if (hasFailed(state)) return { state: 'failed', epoch, failure, attempts };
  const reasons = staleReasons(cell.spec, stored, provenance);
  const change = engineChanged(cell.spec, stored, provenance);
  const outdated = change === undefined || provenance?.othersMayCome ? [] : [change];
  if (stateTable[state].done) {
    const all = [...reasons, ...outdated];
    if (all.length > 0) return { state: 'stale', epoch, reasons: all };
    if (isWhole(state)) return { state: 'completed' };
    return { state: 'stopped', epoch, ...(isRuledOut(stored) && { byRule: true }) };
  }
  // On another engine a run goes on; on other data, or with nothing left to do on its own, it doesn't.
  if (epoch >= cell.spec.train.epochs) reasons.push(...outdated);
  if (reasons.length > 0) return { state: 'stale', epoch, reasons, unfinished: true };
  if (epoch === 0 && !isCutOff(state)) return { state: 'new' };
  if (change === undefined) return { state: 'interrupted', epoch };
  const then = stored.provenance!.engine;
  const others = provenance?.otherEngines ?? [];
  return others.length > 0 && engineChange(then, others) === undefined
    ? { state: 'interrupted', epoch, engine: then.name }
    : { state: 'interrupted', epoch, engineChange: change };
}

/** Data and trainer. None of a cell without a finished epoch, which begins anew in any case. */
function staleReasons(
  spec: Readonly<RunSpec>,
  { provenance: then, inputs, epochs }: StoredCell,
  now: CurrentProvenance | undefined,
): string[] {
  const { data, trainer } = spec;
  if (now === undefined || epochs === 0) return [];
  // What an external trainer says of itself and its data is not known before it runs; of old results, neither are its files.
  if (trainer !== null)
    return inputs === null || now.inputs === undefined ? [] : inputChanges(inputs, now.inputs);
  if (then === null) return [];
  const reasons: string[] = [];
  const fingerprint = now.fingerprintOf(data);
  if (fingerprint !== undefined && fingerprint !== then.dataFingerprint)
    reasons.push(
      `the data changed (fingerprint ${then.dataFingerprint.slice(0, 8)} → ${fingerprint.slice(0, 8)})`,
    );
  const trainerVersion = now.trainerVersionOf(spec);
  if (trainerVersion !== then.trainerVersion)
    reasons.push(`the trainer changed (version ${then.trainerVersion} → ${trainerVersion})`);
  return reasons;
}

/** The same of the engine. */
function engineChanged(
  { trainer }: Readonly<RunSpec>,
  { provenance: then, epochs }: StoredCell,
  now: CurrentProvenance | undefined,
): string | undefined {
  if (trainer !== null || then === null || now === undefined || epochs === 0) return undefined;
  return engineChange(then.engine, now.engines);
}
