/** How far a run has come: what its checkpoints hold beside the tensors. */
import type { Checkpoint } from '../checkpoints/checkpoint-store.js';
import type { Provenance } from '../contract/events.js';

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
