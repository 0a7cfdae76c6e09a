/** Makes cells of a running grid do what its `stopping` block has them do. */
import { isCutOff } from '../../domain/run-state.js';
import type { CellEnd, SchedulerEvent, SchedulerObserver } from '../../domain/scheduler-event.js';
import type { Decision } from '../../stopping/decide.js';
import type { Entry } from '../entry.js';
import type { RunRecorder, RunResult } from '../run-cell.js';
import { type GridStopping, Rungs } from './rungs.js';

interface KeeperOptions {
  grid: GridStopping;
  entries: ReadonlyMap<string, Entry>;
  store: Pick<RunRecorder, 'cellsById' | 'curves' | 'markRungs'>;
  isAnew(cellId: string): boolean;
  observe: SchedulerObserver;
  /** How many slots wait for a cell. */
  free(): number;
  /** Runs a cell that has come to its end here once more. */
  again(entry: Entry): void;
  /** A cell waits for what others come to. */
  onRest(): void;
  /** No more runs are to begin. */
  signal: AbortSignal;
}

/** Behind all that is decided. */
const carriedPriority = -1e6;

export class RungKeeper {
  readonly #options: KeeperOptions;
  readonly #rungs: Rungs;
  /** They wait for what others come to, and no slot may have them. */
  readonly #resting = new Set<Entry>();
  /** What the store keeps of cells, as JSON, and cells whose run ended at a rung, of which it is to keep something else now. */
  readonly #marks = new Map<string, string>();
  readonly #halted = new Set<string>();

  constructor(options: KeeperOptions) {
    this.#options = options;
    const { grid, store, isAnew } = options;
    this.#rungs = new Rungs({ ...grid, store, isAnew });
    for (const [cellId, { rung }] of store.cellsById(grid.cells.map(({ cellId }) => cellId)))
      if (rung !== undefined) this.#marks.set(cellId, JSON.stringify(rung));
  }

  get resting(): number {
    return this.#resting.size;
  }

  /** Before a run of a cell: undefined, it may be queued. Else its end here, once it is known, or `again`: it's to be looked at anew. */
  async turn(entry: Entry): Promise<CellEnd | 'again' | 'before' | undefined> {
    const { signal, onRest, observe } = this.#options;
    const { cellId } = entry;
    const decision = this.#rungs.of(cellId);
    this.#mark(cellId);
    if (decision.next === 'stop') {
      observe({ type: 'cellStopped', cellId, reason: decision.reason });
      return 'stoppedEarly';
    }
    if (decision.next === 'goOn' || this.#rungs.mayBeCarried(decision)) return undefined;
    this.#resting.add(entry);
    onRest();
    await entry.change(signal);
    this.#resting.delete(entry);
    return signal.aborted ? 'before' : 'again';
  }

  /** In the queue: what is undecided goes behind all else, the best first. */
  priority(entry: Entry, usual: number): number {
    const decision = this.#rungs.of(entry.cellId);
    if (decision.next !== 'wait') return usual;
    return carriedPriority + Math.max(carriedPriority, decision.order ?? 0);
  }

  /** A slot is not to have it after all. */
  holds(entry: Entry): boolean {
    const decision = this.#rungs.of(entry.cellId);
    return decision.next === 'stop' || (decision.next === 'wait' && !this.#rungs.mayBeCarried(decision));
  }

  /** After which epoch a run that begins now ends; undefined: after the last. */
  begins(entry: Entry): number | undefined {
    const decision = this.#rungs.of(entry.cellId);
    entry.isCarried = decision.next === 'wait';
    entry.until = untilOf(decision);
    return entry.until;
  }

  /** Whether a run ended at a rung, or for what others came to meanwhile: what becomes of the cell is decided anew. */
  goesOn(entry: Entry, { state, failure, isLost, next }: RunResult & { next: string }): boolean {
    const { wish, isEnding, isMoving } = entry;
    entry.isYielding = false;
    const goesOn =
      next === 'end' &&
      isCutOff(state) &&
      failure === undefined &&
      isLost === undefined &&
      wish === undefined &&
      !isEnding &&
      !isMoving &&
      !this.#options.signal.aborted;
    // A run takes the mark away.
    this.#marks.delete(entry.cellId);
    if (goesOn) this.#halted.add(entry.cellId);
    return goesOn;
  }

  /** The epoch of the rung at which a run of the cell has ended, if that is why it ended. */
  rungOf(entry: Entry, state: RunResult['state']): number | undefined {
    return isCutOff(state) && entry.wish === undefined && this.#endsByItself(entry) ? entry.until : undefined;
  }

  observe(event: SchedulerEvent): void {
    const changed = this.#rungs.observe(event);
    if (changed === undefined) return;
    for (const cellId of changed) {
      const entry = this.#options.entries.get(cellId);
      if (entry !== undefined) this.#follow(entry);
    }
    // What has left its slot just now comes to the queue first.
    setImmediate(() => this.#freeSlots());
  }

  #follow(entry: Entry): void {
    const { again } = this.#options;
    const { cellId, end, handle } = entry;
    const decision = this.#rungs.of(cellId);
    if (end === 'stoppedEarly') {
      this.#mark(cellId);
      if (decision.next !== 'stop') again(entry);
    } else if (end !== undefined) return;
    else if (handle !== undefined) {
      if (decision.next === 'stop' && !this.#endsByItself(entry)) handle.kill();
    } else if (this.#resting.delete(entry)) entry.wake();
    else if (entry.isQueued) entry.leave();
  }

  #mark(cellId: string): void {
    const mark = this.#rungs.markOf(cellId);
    const text = mark === null ? undefined : JSON.stringify(mark);
    if (text === this.#marks.get(cellId) && !this.#halted.delete(cellId)) return;
    this.#options.store.markRungs(new Map([[cellId, mark]]));
    if (text === undefined) this.#marks.delete(cellId);
    else this.#marks.set(cellId, text);
  }

  /** It has come to the epoch at which its run ends: nothing is to be lost then, its trainer stays warm. */
  #endsByItself({ cellId, until }: Entry): boolean {
    return until !== undefined && this.#rungs.epochsOf(cellId) >= until;
  }

  /** Undecided cells give way to those that are decided to go on. */
  #freeSlots(): void {
    const all = [...this.#options.entries.values()];
    const waiting = all.filter(
      entry => entry.isQueued && this.#rungs.of(entry.cellId).next === 'goOn',
    ).length;
    const carried = all.filter(({ handle, isCarried }) => handle !== undefined && isCarried);
    const isUndecided = ({ cellId }: Entry) => this.#rungs.of(cellId).next === 'wait';
    const yielding = carried.filter(({ isYielding }) => isYielding).length;
    const needed = waiting - this.#options.free() - yielding;
    const orderOf = ({ cellId }: Entry) => this.priority(this.#options.entries.get(cellId)!, 0);
    for (const entry of carried
      .filter(one => isUndecided(one) && !one.isYielding)
      .sort((a, b) => orderOf(a) - orderOf(b))
      .slice(0, Math.max(0, needed))) {
      entry.isYielding = true;
      entry.handle?.drain();
    }
  }
}

const untilOf = (decision: Decision): number | undefined => {
  if (decision.next === 'goOn') return decision.until ?? undefined;
  return decision.next === 'wait' ? (decision.carryTo ?? undefined) : undefined;
};
