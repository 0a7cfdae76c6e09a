import type { EngineInfo } from '../../trainer/contract/events.js';
import type { Precision } from '../../trainer/contract/run-spec.js';

/** One place where one run can be. */
export interface Slot {
  /** Unique among the slots in use, e.g. `local/cpu0`, `local/gpu1.0`. */
  slotId: string;
  /** Backend that opens it: `local`, `ssh`, … */
  backend: string;
  /** For people: `NVIDIA H100 (half)`, `1 CPU thread`. */
  device: string;
  /** What its runs are on, as its machine says before any is; absent: not known, or what the plan rests on. */
  readonly engine?: (EngineInfo & { precisions: readonly Precision[] }) | undefined;
}

/** What the slots of one machine have in common: those of an agent are called by its name. */
export const machineOf = (slotId: string): string => slotId.replace(/\/[^/]*$/, '');
