import type { EngineName } from '../contract/events.js';
import type { Engine } from './engine.js';
import { createNativeEngine } from './tensorflow/engine.js';
import { loadAddon } from './tensorflow/load-addon.js';

export interface EngineOptions {
  /** CPU threads of one operation. */
  threads: number;
}

function loadNativeEngine(options: EngineOptions): Engine {
  const loaded = loadAddon(options.threads);
  if (loaded.tf) return createNativeEngine(loaded.tf, options);
  const reasons = loaded.failures.map(({ error }) => error.message);
  throw new Error(
    `the native engine isn't there${reasons.length > 0 ? ` (${reasons.join('; ')})` : ''}: get it with \`grid setup\``,
    { cause: loaded.failures[0]?.error },
  );
}

/** Loads the engine that is wanted, else `$GRID_ENGINE`'s, else the best one that loads. */
export async function loadEngine(wanted: EngineName | undefined, options: EngineOptions): Promise<Engine> {
  void wanted;
  return loadNativeEngine(options);
}
