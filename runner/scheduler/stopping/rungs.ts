/** Cells of a grid that runs, as its `stopping` block has them: what each may do now. All of it follows from the stored rows. */
import type { Objective } from '../../domain/metric.js';
import type { SchedulerEvent } from '../../domain/scheduler-event.js';
import type { RungMark, Stopping } from '../../domain/stopping.js';
import { type CellRows, noRows, type StoppableCell } from '../../stopping/cells.js';
import { type Decision, decide } from '../../stopping/decide.js';
import { readRows } from '../../stopping/stored-rows.js';
import type { RunRecorder } from '../run-cell.js';

/** Of all cells of the grid, those included that this `grid run` doesn't queue. */
export interface GridStopping {
  stopping: Stopping;
  objective: Objective;
  cells: readonly StoppableCell[];
}

interface RungsOptions extends GridStopping {
  store: Pick<RunRecorder, 'cellsById' | 'curves'>;
  /** Whether what is stored of a cell is not to count: it begins anew. */
  isAnew(cellId: string): boolean;
}

export class Rungs {
  readonly #options: RungsOptions;
  readonly #epochs: ReadonlyMap<string, number>;
  readonly #rows: Map<string, CellRows>;
  #decisions: ReadonlyMap<string, Decision>;

  constructor(options: RungsOptions) {
    this.#options = options;
    const { cells } = options;
    this.#epochs = new Map(cells.map(({ cellId, epochs }) => [cellId, epochs]));
    this.#rows = this.#read([...this.#epochs.keys()]);
    this.#decisions = this.#decide();
  }

  of(cellId: string): Decision {
    return this.#decisions.get(cellId) ?? { next: 'goOn', until: null };
  }

  /** Takes in what is stored since. Returns the cells that may do something else now; undefined: the event says nothing of a rung. */
  observe(event: SchedulerEvent): string[] | undefined {
    const isEpoch = event.type === 'trainer' && event.event.type === 'epoch';
    if (!isEpoch && event.type !== 'runEnded' && event.type !== 'cellHeld') return undefined;
    for (const [cellId, rows] of this.#read([event.cellId])) this.#rows.set(cellId, rows);
    const before = this.#decisions;
    this.#decisions = this.#decide();
    return [...this.#decisions].flatMap(([cellId, now]) =>
      JSON.stringify(now) === JSON.stringify(before.get(cellId)) ? [] : cellId,
    );
  }

  /** What the store is to keep of a cell that isn't running; null: nothing. */
  markOf(cellId: string): RungMark | null {
    const decision = this.of(cellId);
    if (decision.next === 'goOn') return null;
    if (decision.next === 'stop') return { at: 'out', reason: decision.reason };
    return { at: 'rung', epoch: decision.epoch, epochs: this.#epochs.get(cellId)! };
  }

  /** Whether an undecided cell may be trained on where a slot is free. */
  mayBeCarried(decision: Decision): decision is Extract<Decision, { next: 'wait' }> {
    return this.#options.stopping.idle === 'continue' && decision.next === 'wait' && decision.order !== null;
  }

  /** Finished ones. */
  epochsOf(cellId: string): number {
    return this.#rows.get(cellId)?.epochs ?? 0;
  }

  #read(cellIds: readonly string[]): Map<string, CellRows> {
    const { store, objective, isAnew } = this.#options;
    const rows = readRows(store, cellIds, objective.metric);
    for (const cellId of rows.keys()) if (isAnew(cellId)) rows.set(cellId, noRows);
    return rows;
  }

  #decide(): ReadonlyMap<string, Decision> {
    const { stopping, objective, cells } = this.#options;
    return decide(stopping, objective, cells, this.#rows);
  }
}
