import type { RunSummary, SchedulerObserver } from '../domain/scheduler-event.js';
import type { RunProgress } from '../readings/progress.js';

/** The runs that a view shows. */
export interface ShownRuns {
  /** How many cells are to be run. */
  cells: number;
  /** Of the objective. */
  metric: string;
  /** How far they are, as any reader of the store sees it; null: they haven't begun. `isFinal`: they have ended. */
  read(isFinal?: boolean): RunProgress | null;
  /** A line that somebody is typing, in a view that is live; empty: there is none. */
  prompt?(): string;
}

/** What a `grid run` shows while it goes on. */
export interface RunView {
  /** It is drawn in place, and may show what somebody types. */
  readonly isLive: boolean;
  /** Shows a step of the set-up; `say` replaces its title by what was found. */
  step<T>(title: string, work: (say: (title: string) => void) => Promise<T>): Promise<T>;
  /** Shows the runs while `work` tells of them. */
  runs(shown: ShownRuns, work: (observe: SchedulerObserver) => Promise<RunSummary>): Promise<RunSummary>;
  /** A line that stays. */
  line(text: string): void;
}

/** Writes one line to a stream. */
export type WriteLine = (line: string) => void;
