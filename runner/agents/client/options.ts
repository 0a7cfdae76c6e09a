import type { RunFolder } from '../../trainer-client/artifacts.js';
import type { RunHandle, SlotRun } from '../../trainer-client/trainer-run.js';
import type { DataStore } from '../data/data-store.js';
import type { OwnData } from '../data/own-data.js';
import type { SessionAnswer, SessionRequest, SlotOffer } from '../messages.js';
import type { Api } from './api.js';
import type { SentCells } from './sent-cells.js';
import type { Transport } from './transport.js';
import type { WeightsStore } from './weights-store.js';

/** A slot of this machine, as an agent offers it. */
export interface OfferedSlot {
  offer: SlotOffer;
  start(run: SlotRun): RunHandle;
  close(): Promise<void>;
}

export interface AgentOptions {
  transport: Transport;
  token: string;
  /** Keeps the token that an enrolling one was exchanged for. */
  keepToken(token: string): void;
  version: string;
  agentId: string;
  name: string;
  slots: readonly OfferedSlot[];
  engine: SessionRequest['engine'];
  /** Until this machine ends; null: not known. */
  secondsLeft(): number | null;
  /** Ends when the grid is over, or the coordinator hasn't been there for so long, seconds; null: waits for the next one. */
  onceSeconds: number | null;
  /** Runs programs of grids, too, and not the shared trainer alone. */
  allowsCommands: boolean;
  folders: AgentFolders;
  bytesPerSecond: number | null;
  /** Whole or not at all, whenever this process ends; what a power cut leaves of it needn't be whole. */
  write(path: string, content: string): void;
  /** What was sent of data. */
  data: DataStore;
  weights: WeightsStore;
  /** What may go of cells' folders. */
  sentCells: SentCells;
  /** What lies here by itself. */
  ownData: OwnData;
  say(words: string): void;
  signal: AbortSignal;
}

/** Where an agent keeps things, all absolute. */
interface AgentFolders {
  /** Of the run that a slot has or had last. */
  spool(slot: string): string;
  cell(cellId: string): RunFolder;
}

export type Terms = Pick<SessionAnswer, 'renewSeconds' | 'sendEvery'>;

/** What a run needs of its agent. */
export interface InTouch {
  readonly api: Api;
  readonly options: AgentOptions;
  /** The session, a new one if there is none. */
  session(): Promise<string>;
  /** As the coordinator said when the newest session began. */
  readonly terms: Terms;
  /** Asks within a session: where that is over, in another. */
  within<T>(ask: (session: string) => Promise<T>): Promise<T>;
}
