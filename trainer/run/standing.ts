/** How far a run has come: what its checkpoints hold beside the tensors. */
import type { Checkpoint } from '../checkpoints/checkpoint-store.js';
import type { Provenance } from '../contract/events.js';
import type { Objective } from '../contract/run-spec.js';
import { bestOf } from './record.js';

export type Standing = Checkpoint['state'];

/** Before the first epoch. */
export const begin = (provenance: Provenance): Standing => ({
  epoch: 0,
  step: 0,
  history: [],
  best: null,
  provenance,
  weightsHash: '',
});

/**
 * A run may go on for another objective than it was begun for. The best weights that were kept stay the best until an epoch is
 * better than theirs by today's: what other epochs would have been is lost.
 */
export function asOf(state: Standing, objective: Objective, warn: (message: string) => void): Standing {
  const { best, history } = state;
  if (best === null) return state;
  const kept = history.find(({ epoch }) => epoch === best.epoch);
  const value = kept?.metrics[objective.metric] ?? null;
  const better = history.reduce<Standing['best']>((so, record) => bestOf(record, so, objective), null);
  if (better !== null && better.epoch !== best.epoch)
    warn(
      `the best weights kept are those of epoch ${best.epoch}; by ${objective.metric} epoch ${better.epoch} is the best, whose weights were not kept`,
    );
  return { ...state, best: value === null ? null : { epoch: best.epoch, value } };
}
