/** One place where one run can be. */
export interface Slot {
  /** Unique among the slots in use, e.g. `local/cpu0`, `local/gpu1.0`. */
  slotId: string;
  /** Backend that opens it: `local`, `ssh`, … */
  backend: string;
  /** For people: `NVIDIA H100 (half)`, `1 CPU thread`. */
  device: string;
}
