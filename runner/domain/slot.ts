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

/** Memory that slots have in common: a GPU's, or that of a machine for its CPU slots. */
export interface SharedMemory {
  /** Equal for those that have it in common. */
  name: string;
  of: 'gpu' | 'machine';
  /** All of it, in MB; null: not known. */
  megabytes: number | null;
  /** As many cells run there as fit by what is measured of them; false: as many as there are slots. */
  isMeasured: boolean;
}

/** What the slots of one machine have in common: those of an agent are called by its name. */
export const machineOf = (slotId: string): string => slotId.replace(/\/[^/]*$/, '');
