/** What the store knows of a cell: its latest run and the epochs on record. */
import type { Provenance } from '../../trainer/contract/events.js';
import type { RunSpec } from '../../trainer/contract/run-spec.js';
import type { Failure } from './run.js';
import type { RunState } from './run-state.js';
import type { RungMark } from './stopping.js';

/** Files that a result of an external trainer rests on. */
export interface TrainerInputs {
  /** Folder of the grid file, relative to that of the results, with `/`. */
  folder: string;
  /** By file, relative to that folder: the beginning of the SHA-256 of its content. */
  files: Readonly<Record<string, string>>;
}

export interface StoredCell {
  cellId: string;
  /** Labels at the time of its latest run. */
  labels: Readonly<Record<string, string>>;
  spec: Readonly<RunSpec>;
  /** State of the latest run. `running` is only true of a run whose holder is alive. */
  state: RunState;
  /** Runs so far. */
  attempts: number;
  /** By the user: higher is run first. */
  priority: number;
  /** Finished epochs on record. */
  epochs: number;
  /** Null before a run has started training, and for external trainers that report none. */
  provenance: Provenance | null;
  /** Of an external trainer; null before it has reported an epoch, and of results from before inputs were recorded. */
  inputs: TrainerInputs | null;
  /** Present if `failed`, and if a condition of the machine interrupted it. */
  failure?: Failure;
  /** Where the rule of its grid holds it, or has stopped it; absent: nowhere. */
  rung?: RungMark;
  /** Who holds a `running` cell, for people: `host pid 123`. */
  holder?: string;
}
