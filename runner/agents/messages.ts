/**
 * What agents and their coordinator say to each other: JSON over HTTP, from the agent outwards. Only durations travel, no times. Every
 * message is checked by its schema where it comes in.
 *
 *     POST /v1/sessions          SessionRequest → SessionAnswer         the agent is there, with these slots
 *     POST /v1/leases            LeaseRequest → LeaseAnswer             waits for a run for a slot; asked again, the same
 *     POST /v1/commands          CommandsRequest → CommandsAnswer       waits for what runs are to do; renews all leases
 *     POST /v1/runs/REF/events   EventsRequest → EventsAnswer           events from a number on; renews
 *     POST /v1/runs/REF/files    FilesRequest → FilesAnswer             publishes blobs as the run's files, or says which are missing
 *     POST /v1/runs/REF/end      EndRequest → EndAnswer                 how it ended, after all its events
 *     GET  /v1/runs/REF/files/SHA256, /v1/runs/REF/init                 what the run goes on from, and begins with
 *     HEAD, PUT /v1/blobs/SHA256?bytes=N&offset=N                       a file in parts; HEAD: `Upload-Offset`
 *
 * 401: no valid token. 409: from a number that is too high (the answer says which is next). 410: `lost`, the session is over or the run
 * is somebody else's by now. 426: another version. 507: the coordinator's disk is full.
 */
import type { EngineInfo, EngineName, TrainerEvent } from '../../trainer/contract/events.js';
import type { Precision, RunSpec } from '../../trainer/contract/run-spec.js';
import type { SharedMemory } from '../domain/slot.js';
import type { RunExit } from '../trainer-client/trainer-run.js';

export interface SlotOffer {
  /** Of the agent: `gpu0`, `cpu1`. */
  name: string;
  device: string;
  /** Of its GPU, or of the machine. */
  memoryMegabytes: number | null;
  /** By its name there; null: its own. */
  shares: SharedMemory | null;
  /** Where its runs have their data, in place of what grids say; null: they are sent. */
  dataRoot: string | null;
}

/** A run that an agent has on its disk. */
export interface HeldRun {
  slot: string;
  ref: string;
  cellId: string;
  attempt: number;
  /** Finished epochs. */
  epoch: number;
  isOver: boolean;
}

export interface SessionRequest {
  protocol: number;
  /** Of the program: coordinator and agents are of one. */
  version: string;
  /** The same for as long as its folder is there. */
  agentId: string;
  name: string;
  slots: SlotOffer[];
  engine: (EngineInfo & { precisions: readonly Precision[] }) | null;
  /** Until the machine ends it; null: not known. */
  secondsLeft: number | null;
  runs: HeldRun[];
  /** Hashes of sent data that it has, what was used last first. */
  data: string[];
}

/** How often a run's newest checkpoint is sent back. */
export type SendEvery = { epochs: number } | { seconds: number };

export interface SessionAnswer {
  session: string;
  /** What its slots are called by begins with this. */
  name: string;
  leaseSeconds: number;
  renewSeconds: number;
  sendEvery: SendEvery;
  /** In exchange for a token that was good for enrolling only. */
  token?: string;
}

export interface LeaseRequest {
  session: string;
  slot: string;
  secondsLeft: number | null;
  waitSeconds: number;
}

export interface FileOffer {
  /** Relative to the cell's folder, with `/`. */
  name: string;
  sha256: string;
  bytes: number;
}

export interface GivenRun {
  ref: string;
  cellId: string;
  attempt: number;
  /** What is there of the cell from before is nothing to go on from. */
  anew: boolean;
  spec: RunSpec;
  finishedEpochs: number;
  /** It ends after this epoch; absent: after the last one. */
  untilEpoch?: number | undefined;
  engine: EngineName | null;
  /** What it goes on from. */
  files: FileOffer[];
  /** Hash of the data's files, where they are sent. */
  data: string | null;
  /** Of the data, by what they hold, for who has them already; null: they weren't looked at. */
  dataFingerprint: string | null;
}

export type LeaseAnswer =
  | { type: 'none' }
  | { type: 'run'; run: GivenRun }
  /** The run is to be told once more from this event on. */
  | { type: 'tellAgain'; ref: string; next: number }
  /** The slot is wanted no longer; of the last one the agent ends if it was started for the grid. */
  | { type: 'stop' };

export type Command = 'go' | 'drain' | 'kill';

export interface CommandsRequest {
  session: string;
  waitSeconds: number;
  /** Those that the agent knows of. */
  known: { ref: string; command: Command }[];
}

export interface CommandsAnswer {
  commands: { ref: string; command: Command }[];
}

export interface EventsRequest {
  session: string;
  /** Number of the first of the events; it is the next one if there are none. */
  from: number;
  events: TrainerEvent[];
  /** The newest of those that aren't numbered: `progress`, `ready`, `waiting`. */
  passing: TrainerEvent[];
  /** What the trainer said beside its events since the last time. */
  log: string;
}

export interface EventsAnswer {
  /** Number of the event that is expected next; null: nobody follows the run yet. */
  next: number | null;
  command: Command;
}

export interface FilesRequest {
  session: string;
  /** All files of the run that are kept. */
  files: FileOffer[];
}

/** Hashes of what has to be sent before; none: all are the run's files now. */
export interface FilesAnswer {
  missing: string[];
}

export interface EndRequest {
  session: string;
  /** Number that the next event would have. */
  from: number;
  exit: RunExit;
}

export interface EndAnswer {
  /** False: nobody follows the run yet. */
  isTaken: boolean;
}

/** Tell nothing that lasts: they aren't numbered, and the newest is enough. */
export const passingEvents: readonly TrainerEvent['type'][] = ['progress', 'ready', 'waiting'];
