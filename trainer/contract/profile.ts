/** Question and answer of `trainer profile`. */
import type { EngineInfo } from './events.js';
import type { RunSpec } from './run-spec.js';

/** On stdin of `trainer profile`. */
export interface ProfileRequest {
  spec: RunSpec;
  /** Absolute folder for decoded data. */
  cacheDir: string;
  /** Steps that are measured, once undisturbed and once kernel by kernel, after two that warm up. */
  steps: number;
}

export type Phase = 'input' | 'forward' | 'backward' | 'update';

/** Means of a step. */
export interface ProfileEntry {
  phase: Phase;
  /**
   * Prefix of the state dict's names, such as `layer1.0.conv1`: what comes between two layers with a state counts to the
   * first. In parentheses: `(images)`, `(loss)`, `(optimizer)`.
   */
  layer: string;
  /** Name of the kernel. */
  op: string;
  calls: number;
  milliseconds: number;
}

export interface Profile {
  engine: EngineInfo;
  batchSize: number;
  parameters: number;
  /** Undisturbed. */
  step: {
    count: number;
    milliseconds: number;
    /** Sample standard deviation of the milliseconds. */
    deviation: number;
    imagesPerSecond: number;
    /** Share of the time in which the step waited for its batch. */
    dataWaitShare: number;
  };
  /** Mean of a step while its kernels are timed: what is above `step.milliseconds` is the overhead of timing. */
  timedMilliseconds: number;
  /** False on devices that kernels are only handed to: their entries say when, not how long. */
  isSynchronous: boolean;
  /** Milliseconds of a timed step in each phase, what happens between kernels included. */
  phases: Record<Phase, number>;
  /** Their sum is what kernels take; the rest of `timedMilliseconds` is spent between them, in JavaScript. */
  entries: ProfileEntry[];
  /** Of the whole process, decoded data included. */
  peakMemoryMegabytes: number;
}
