/** What a run finds around it: one for all cells of a trainer process. */
import type { Engine } from '../backend/engine.js';
import type { TrainerEvent } from '../contract/events.js';
import type { OpenData } from './run-data.js';

export interface RunEnvironment {
  engine: Engine;
  openData: OpenData;
  emit(event: TrainerEvent): void;
  /** True once the runner has asked to finish the running epoch and stop. */
  isDraining(): boolean;
}
