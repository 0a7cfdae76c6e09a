/** Rows of the tables and what becomes of them. */
import type { CpuFeatures } from '../../../trainer/contract/cpu-features.js';
import type { EngineName, FailureClass, Provenance } from '../../../trainer/contract/events.js';
import type { Objective, RunSpec } from '../../../trainer/contract/run-spec.js';
import type { Failure } from '../../domain/run.js';
import { type RunState, stateTable } from '../../domain/run-state.js';
import type { RungMark } from '../../domain/stopping.js';
import type { GridRecord, Labels, StoredResult, StoredRun } from '../../domain/stored.js';
import type { TrainerInputs } from '../../domain/stored-cell.js';
import { stateColumn } from './cell-state.js';

export const gridColumns = 'name, description, file, objective_metric, objective_direction, hash';

export interface GridRow {
  name: string;
  description: string;
  file: string;
  objective_metric: string;
  objective_direction: Objective['direction'];
  hash: string;
}

export function toGrid(row: GridRow): GridRecord {
  const { name, description, file, hash } = row;
  return {
    name,
    description,
    file,
    objective: { metric: row.objective_metric, direction: row.objective_direction },
    hash,
  };
}

/** Of a cell `c` with its runs; the first parameter is that of `stateColumn`. */
export const resultColumns = `
  c.cell_id, c.priority, (SELECT spec FROM specs WHERE specs.cell = c.cell) AS spec, c.epochs, c.best_epoch, ${stateColumn} AS state, coalesce(r.attempt, 0) AS attempts,
  r.failure_class, r.failure_message, r.failure_step, r.host, r.pid,
  t.engine_name, t.engine_version, t.engine_device, t.engine_cpu, t.data_fingerprint, t.trainer_version, t.trainer_sources,
  (SELECT json_object('folder', i.folder, 'files', json(i.files)) FROM inputs i WHERE i.input = t.input) AS inputs,
  c.value, c.objective_metric, c.objective_direction, c.stale, c.rung`;

/** The last run, and the last that came to train: on that one the stored metrics rest. Either may be missing. */
export const joinRuns = 'LEFT JOIN runs r ON r.run = c.last_run LEFT JOIN runs t ON t.run = c.trained_run';

interface OutcomeColumns {
  state: RunState;
  failure_class: FailureClass | null;
  failure_message: string | null;
  failure_step: number | null;
  engine_name: EngineName | null;
  engine_version: string | null;
  engine_device: string | null;
  engine_cpu: string | null;
  data_fingerprint: string | null;
  trainer_version: string | null;
  trainer_sources: string | null;
}

export interface ResultRow extends OutcomeColumns {
  cell_id: string;
  labels: string;
  present: number;
  spec: string;
  epochs: number;
  best_epoch: number | null;
  attempts: number;
  priority: number;
  value: number | null;
  objective_metric: string;
  objective_direction: Objective['direction'];
  stale: string | null;
  rung: string | null;
  inputs: string | null;
  host: string | null;
  pid: number | null;
}

export interface RunRow extends OutcomeColumns {
  attempt: number;
  slot_id: string;
  started_ms: number;
  ended_ms: number | null;
  resumed_from_epoch: number | null;
  parameters: number | null;
  train_images: number | null;
  validation_images: number | null;
  classes: number | null;
  weights_hash: string | null;
  memory_megabytes: number | null;
  gpu_megabytes: number | null;
  host: string;
  pid: number;
  warnings: number;
  /** JSON list of `{text, count}`. */
  first_warnings: string;
}

export function toResult(row: ResultRow): StoredResult {
  let spec: RunSpec | undefined;
  return {
    cellId: row.cell_id,
    labels: JSON.parse(row.labels) as Labels,
    // Parsed when asked for: most views don't, and there may be 100,000 of them.
    get spec() {
      // The objective of its value: the grid's that was asked for, whichever grid wrote the settings last.
      spec ??= {
        ...(JSON.parse(row.spec) as RunSpec),
        objective: { metric: row.objective_metric, direction: row.objective_direction },
      };
      return spec;
    },
    state: row.state,
    attempts: row.attempts,
    priority: row.priority,
    epochs: row.epochs,
    provenance: toProvenance(row),
    inputs: row.inputs === null ? null : (JSON.parse(row.inputs) as TrainerInputs),
    ...toFailure(row),
    ...(row.rung === null ? {} : { rung: JSON.parse(row.rung) as RungMark }),
    ...(stateTable[row.state].held ? { holder: `${row.host} pid ${row.pid}` } : {}),
    present: row.present === 1,
    bestEpoch: row.best_epoch,
    value: row.value,
    staleReasons: row.stale === null ? [] : (JSON.parse(row.stale) as string[]),
  };
}

export function toRun(row: RunRow): StoredRun {
  return {
    attempt: row.attempt,
    slotId: row.slot_id,
    state: row.state,
    startedMs: row.started_ms,
    endedMs: row.ended_ms,
    ...toFailure(row),
    provenance: toProvenance(row),
    resumedFromEpoch: row.resumed_from_epoch,
    parameters: row.parameters,
    trainImages: row.train_images,
    validationImages: row.validation_images,
    classes: row.classes,
    weightsHash: row.weights_hash,
    memory:
      row.memory_megabytes === null
        ? null
        : { megabytes: row.memory_megabytes, gpuMegabytes: row.gpu_megabytes },
    host: row.host,
    pid: row.pid,
    warnings: { count: row.warnings, first: JSON.parse(row.first_warnings) },
  };
}

function toFailure(row: OutcomeColumns): { failure?: Failure } {
  if (row.failure_class === null) return {};
  return {
    failure: {
      class: row.failure_class,
      message: row.failure_message ?? '',
      ...(row.failure_step === null ? {} : { step: row.failure_step }),
    },
  };
}

function toProvenance(row: OutcomeColumns): Provenance | null {
  if (row.data_fingerprint === null) return null;
  return {
    dataFingerprint: row.data_fingerprint,
    trainerVersion: row.trainer_version!,
    ...(row.trainer_sources === null ? {} : { sources: row.trainer_sources }),
    engine: {
      name: row.engine_name!,
      version: row.engine_version!,
      device: row.engine_device!,
      ...(row.engine_cpu === null ? {} : { cpu: JSON.parse(row.engine_cpu) as CpuFeatures }),
    },
  };
}
