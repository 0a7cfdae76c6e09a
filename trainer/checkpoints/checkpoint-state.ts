/** `state.json` of a checkpoint. */
import { epochRecord, provenance } from '../contract/answer-schemas.js';
import type { EpochRecord, Provenance } from '../contract/events.js';
import { count, listOf, natural, number, orNull, recordOf, shape, text } from '../contract/shape.js';

/** State of dynamic loss scaling. */
export interface LossScale {
  scale: number;
  /** Steps without an overflow since the scale last changed. */
  growthTracker: number;
  /** Steps that were skipped so far, since their gradients overflowed. */
  skippedSteps: number;
}

export interface CheckpointState {
  version: 1;
  /** Finished epochs. */
  epoch: number;
  /** Optimizer steps taken. */
  step: number;
  /** One record a finished epoch. */
  history: EpochRecord[];
  /** The epoch whose weights are `best.safetensors`; null while no epoch had a number as its objective. */
  best: { epoch: number; value: number } | null;
  provenance: Provenance;
  /** That of the next step of a float16 run; absent in other runs. */
  lossScale?: LossScale;
  /** SHA-256 of the weights in state-dict order. */
  weightsHash: string;
  /**
   * SHA-256 of the files beside it. `best`, `best-ema`: the best weights and averages so far, where they are of an earlier
   * epoch.
   */
  files: Record<'weights' | 'optimizer', string> & { [kind in 'ema' | BestKind]?: string | undefined };
}

export type BestKind = 'best' | 'best-ema';

export const checkpointState = shape<CheckpointState>(
  {
    version: { const: 1 },
    epoch: count,
    step: natural,
    history: listOf(epochRecord),
    best: orNull(shape<NonNullable<CheckpointState['best']>>({ epoch: count, value: number })),
    provenance,
    lossScale: shape<LossScale>({ scale: number, growthTracker: natural, skippedSteps: natural }),
    weightsHash: text,
    files: { ...recordOf(text), required: ['weights', 'optimizer'] },
  },
  ['lossScale'],
);
