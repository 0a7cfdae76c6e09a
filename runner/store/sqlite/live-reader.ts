import type { Changes } from '../../domain/change.js';
import type { ControlAnswer } from '../../domain/control.js';
import type { LiveProgress, LiveRunner, LiveSlot, RunTroubles } from '../../domain/live.js';
import { isRunnerAlive } from '../lock-holders.js';
import type { ResultsPaths } from '../run-paths.js';
import type { Connection } from './connection.js';
import { answerOf } from './control-table.js';
import { changesSince, lastChange } from './journal.js';
import { progressOf, runnerOf, slotsOf } from './live-tables.js';
import { runTroubles } from './run-troubles.js';

/** Reads what is of running grids, and what changed. */
export class LiveReader {
  constructor(
    protected readonly connection: Connection,
    protected readonly paths: ResultsPaths,
  ) {}

  slotsOf(grid: string): LiveSlot[] {
    return this.connection.guard(() => slotsOf(this.connection, grid));
  }

  progressOf(grid: string): LiveProgress[] {
    return this.connection.guard(() => progressOf(this.connection, grid));
  }

  runnerOf(grid: string): LiveRunner | null {
    return this.connection.guard(() => runnerOf(this.connection, grid, isRunnerAlive(this.paths, grid)));
  }

  runTroubles(grid: string, sinceMs: number): RunTroubles {
    return this.connection.guard(() => runTroubles(this.connection, grid, sinceMs));
  }

  changesSince(number: number, limit = 10_000): Changes {
    return this.connection.guard(() => changesSince(this.connection, number, limit));
  }

  lastChange(): number {
    return this.connection.guard(() => lastChange(this.connection));
  }

  answerOf(control: number): ControlAnswer | undefined {
    return this.connection.guard(() => answerOf(this.connection, control));
  }
}
