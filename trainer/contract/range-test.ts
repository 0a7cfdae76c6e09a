/** Question and answer of `trainer range-test`. */
import type { EngineInfo } from './events.js';
import type { RunSpec } from './run-spec.js';

/** On stdin of `trainer range-test`. */
export interface RangeTestRequest {
  spec: RunSpec;
  /** Absolute folder for decoded data. */
  cacheDir: string;
  /** Number of steps from the lowest to the highest rate, both included; at least 10. */
  steps: number;
  lowest: number;
  highest: number;
}

export interface RangePoint {
  learningRate: number;
  /** Training loss of the step's batch, before its update. */
  loss: number;
  /** Smoothed over the neighbouring steps, without a lag. */
  smoothed: number;
}

export interface RangeTest {
  /** In the order of the steps. */
  points: RangePoint[];
  /** The loss left all bounds before the highest rate was reached. */
  diverged: boolean;
  suggestion: RangeSuggestion;
  engine: EngineInfo;
  seconds: number;
}

/** Rates to train with; null where the loss never fell. */
export interface RangeSuggestion {
  /** Where the smoothed loss falls fastest: a first choice for a constant rate and for the peak of a schedule. */
  steepest: number | null;
  /** A tenth of the rate with the lowest smoothed loss: the largest that is safe. */
  tenthOfMinimum: number | null;
}
