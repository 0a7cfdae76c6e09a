/** A learning-rate schedule: a pure function, so that a resumed run needs no state but its history. */
import type { EpochRecord } from '../contract/events.js';

/** What is known when an epoch begins. */
interface Moment {
  /** 0-based epoch about to begin. */
  epoch: number;
  /** The optimizer's learning rate before any schedule. */
  base: number;
  /** Epochs of the whole run. */
  epochs: number;
  /** The finished epochs, oldest first. */
  history: readonly EpochRecord[];
}

/** Learning rate in force during the epoch. */
export type Schedule = (moment: Moment) => number;
