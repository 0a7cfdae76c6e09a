/** The flags that choose an engine, common to all modes that train. */

import type { EngineInfo, EngineName } from '../contract/events.js';
import type { Engine } from '../engine/engine.js';
import { loadEngine } from '../engine/load-engine.js';
import { machineShare } from '../files/machine.js';

export interface EngineFlags {
  engine?: string | undefined;
  threads?: string | undefined;
}

export interface FlaggedEngine {
  engine: Engine;
  /** Threads that make its batches. */
  workers: number;
}

export async function loadFlaggedEngine(flags: EngineFlags): Promise<FlaggedEngine> {
  const engine = await loadEngine(flags.engine as EngineName | undefined, { threads: threadsOf(flags) });
  return { engine, workers: workersFor(engine.info) };
}

/** A CPU step takes longer than making its batch; a GPU's takes less, so that several threads make batches for it. */
function workersFor({ device }: EngineInfo): number {
  return device.startsWith('cpu') ? 1 : Math.min(6, Math.max(1, machineShare().cpus - 1));
}

function threadsOf({ threads }: EngineFlags): number {
  const count = threads === undefined ? machineShare().cpus : Number(threads);
  if (Number.isInteger(count) && count > 0) return count;
  throw new Error(`--threads: expected a positive integer, got ${threads}`);
}
