/** Schedules are pure functions, so that a resumed run needs no state but its history. */
import type { EpochRecord } from '../contract/events.js';

/** What is known when a tick (an epoch, or a step with `interval: step`) begins. */
interface Moment {
  /** 0-based tick about to begin. */
  tick: number;
  /** Ticks of the whole run. */
  ticks: number;
  /** The optimizer's learning rate before any schedule. */
  base: number;
  /** The finished epochs, oldest first. */
  history: readonly EpochRecord[];
}

/** A value in force during the tick. */
export type Curve = (moment: Moment) => number;

/** The learning rate alone, or a momentum with it. */
export type Curves = Curve | { learningRate: Curve; momentum: Curve };

/** What is known when a step of the optimizer begins. */
export interface RunMoment {
  /** 0-based epoch and step, both of the whole run. */
  epoch: number;
  step: number;
  epochs: number;
  stepsPerEpoch: number;
  base: number;
  history: readonly EpochRecord[];
}

export interface Rates {
  learningRate: number;
  /** In the place of the optimizer's momentum or first beta; undefined: its own. */
  momentum: number | undefined;
}

export type Schedule = (moment: RunMoment) => Rates;
