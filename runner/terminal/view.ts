import type { RunSummary, SchedulerObserver } from '../domain/scheduler-event.js';
import type { RunModel } from './run-model.js';

/** What a `grid run` shows while it goes on. */
export interface RunView {
  /** Shows a step of the set-up; `say` replaces its title by what was found. */
  step<T>(title: string, work: (say: (title: string) => void) => Promise<T>): Promise<T>;
  /** Shows the runs while `work` tells of them. */
  runs(model: RunModel, work: (observe: SchedulerObserver) => Promise<RunSummary>): Promise<RunSummary>;
  /** A line that stays. */
  line(text: string): void;
}

/** Writes one line to a stream. */
export type WriteLine = (line: string) => void;
