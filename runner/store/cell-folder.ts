import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Evaluation } from '../../trainer/contract/evaluation.js';
import type { EpochRecord, Provenance } from '../../trainer/contract/events.js';
import type { RunSpec } from '../../trainer/contract/run-spec.js';
import type { CellPaths, ResultsPaths } from './run-paths.js';
import { type CellHistory, readRecord } from './sqlite/cell-record.js';

/** The part of a checkpoint's `state.json` that the store needs. */
interface CheckpointState {
  epoch: number;
  history: EpochRecord[];
  /** Of the weights that are kept as the best. */
  best?: { epoch: number } | null;
  provenance: Provenance;
  weightsHash: string;
}

export interface CellFolder {
  spec: RunSpec;
  /** Of the newest readable checkpoint; undefined without one. */
  checkpoint: CheckpointState | undefined;
  /** What the store held of its runs; undefined of cells from before that was kept, or where nothing of it can be read. */
  record: CellHistory | undefined;
}

/**
 * What a cell's folder says of it. `known`: its RunSpec, where that is known from elsewhere.
 *
 * @throws Error naming the file, where the RunSpec is missing or unreadable.
 */
export function readCellFolder(paths: CellPaths, known?: RunSpec): CellFolder {
  const spec = known ?? readJson<RunSpec>(paths.runSpec);
  if (typeof spec.objective?.metric !== 'string' || typeof spec.data !== 'object')
    throw new Error(`${paths.runSpec}: expected a RunSpec`);
  const states = checkpointFolders(paths).flatMap(folder => readState(join(folder, 'state.json')) ?? []);
  const record = readRecord(paths.record);
  return {
    spec,
    checkpoint: states.sort((a, b) => b.epoch - a.epoch)[0],
    record: record?.runs.length || record?.notes.length ? record : undefined,
  };
}

function checkpointFolders({ checkpoints }: CellPaths): string[] {
  if (!existsSync(checkpoints)) return [];
  return readdirSync(checkpoints, { withFileTypes: true })
    .filter(entry => entry.isDirectory())
    .map(entry => join(checkpoints, entry.name));
}

/** Undefined where it can't be read: the trainer doesn't go on from that one either. */
function readState(path: string): CheckpointState | undefined {
  try {
    const state = readJson<CheckpointState>(path);
    return Array.isArray(state.history) && typeof state.epoch === 'number' ? state : undefined;
  } catch {
    return undefined;
  }
}

/** Best weights of the cells whose id starts with `prefix`, as far as they have any. */
export function weightsOfCells(paths: ResultsPaths, prefix: string): string[] {
  if (!existsSync(paths.cells)) return [];
  return readdirSync(paths.cells)
    .filter(name => name.startsWith(prefix))
    .map(name => paths.cell(name).bestWeights)
    .filter(path => existsSync(path));
}

/** Figures of the cell's best weights; null before its run has ended, and for external trainers. */
export function readEvaluation(paths: CellPaths): Evaluation | null {
  return existsSync(paths.evaluation) ? readJson<Evaluation>(paths.evaluation) : null;
}

function readJson<T>(path: string): T {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as T;
  } catch (cause) {
    throw new Error(`${path}: ${(cause as Error).message}`, { cause });
  }
}
