import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { epochRecord, evaluation, provenance } from '../../trainer/contract/answer-schemas.js';
import type { Evaluation } from '../../trainer/contract/evaluation.js';
import type { EpochRecord, Provenance } from '../../trainer/contract/events.js';
import type { RunSpec } from '../../trainer/contract/run-spec.js';
import type { Schema } from '../../trainer/contract/schema.js';
import { anyText, count, listOf, orNull, shape } from '../../trainer/contract/shape.js';
import { checkedJson } from '../../trainer/files/checked-json.js';
import type { CellPaths, ResultsPaths } from './run-paths.js';
import { type CellHistory, readRecord } from './sqlite/cell-history.js';
import { storedSpec } from './stored-spec.js';

/** The part of a checkpoint's `state.json` that the store needs. */
interface CheckpointState {
  epoch: number;
  history: EpochRecord[];
  /** Of the weights that are kept as the best. */
  best?: { epoch: number } | null;
  provenance: Provenance;
  weightsHash: string;
}

const checkpointState = shape<CheckpointState>(
  {
    epoch: count,
    history: listOf(epochRecord),
    best: orNull(shape<{ epoch: number }>({ epoch: count })),
    provenance,
    weightsHash: anyText,
  },
  ['best'],
);

export interface CellFolder {
  spec: RunSpec;
  /** Of the newest readable checkpoint; undefined without one. */
  checkpoint: CheckpointState | undefined;
  /** What the store held of its runs; undefined of cells from before that was kept, or where nothing of it can be read. */
  record: CellHistory | undefined;
}

/**
 * What a cell's folder says of it. `known`: its RunSpec, where that is known from elsewhere; `onProblem` is told of lines of the
 * record that can't be used.
 *
 * @throws Error naming the file, where the RunSpec is missing or unreadable.
 */
export function readCellFolder(
  paths: CellPaths,
  known?: RunSpec,
  onProblem: (words: string) => void = () => {},
): CellFolder {
  const spec = known ?? readJson<RunSpec>(paths.runSpec, storedSpec);
  const states = checkpointFolders(paths).flatMap(folder => readState(join(folder, 'state.json')) ?? []);
  const record = readRecord(paths.record, onProblem);
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
    return readJson(path, checkpointState);
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

/**
 * Figures of the cell's best weights; null before its run has ended, and for external trainers.
 *
 * @throws Error naming the file and what is wrong with it
 */
export function readEvaluation(paths: CellPaths): Evaluation | null {
  if (!existsSync(paths.evaluation)) return null;
  return readJson(paths.evaluation, evaluation);
}

function readJson<T>(path: string, schema: Schema): T {
  let content: string;
  try {
    content = readFileSync(path, 'utf8');
  } catch (cause) {
    throw new Error(`${path}: ${(cause as Error).message}`, { cause });
  }
  return checkedJson(content, schema, path);
}
