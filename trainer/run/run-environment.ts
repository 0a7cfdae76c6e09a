/** What a run finds around it: one for all cells of a trainer process. */

import type { TrainerEvent } from '../contract/events.js';
import type { Engine } from '../engine/engine.js';
import type { OpenData } from '../training/run-data.js';

export interface RunEnvironment {
  engine: Engine;
  openData: OpenData;
  emit(event: TrainerEvent): void;
  /** True once the runner has asked to finish the running epoch and stop. */
  isDraining(): boolean;
}
