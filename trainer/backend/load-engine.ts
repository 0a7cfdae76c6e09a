import type { EngineName } from '../contract/events.js';
import type { Engine } from './engine.js';
import { loadNativeEngine } from './tensorflow/engine.js';

export interface EngineOptions {
  /** CPU threads of one operation. */
  threads: number;
}

/** What loads each engine, best one first; each throws where the engine isn't there. */
const loaders: Record<EngineName, (options: EngineOptions) => Promise<Engine>> = {
  tensorflow: loadNativeEngine,
  wasm: async options => (await import('./wasm/engine.js')).loadWasmEngine(options),
  cpu: async () => (await import('./wasm/engine.js')).loadCpuEngine(),
};

/** All engines, best one first. */
export const engineNames = Object.keys(loaders) as EngineName[];

/** Engines that are taken when none is asked for; `cpu`, the slow reference, never is. */
const automatic: readonly EngineName[] = ['tensorflow', 'wasm'];

function parseEngineName(name: string, where: string): EngineName {
  if ((engineNames as string[]).includes(name)) return name as EngineName;
  throw new Error(`${where}: expected one of ${engineNames.join(', ')}, got ${name}`);
}

/** The engine that is asked for: by the argument, else by `$GRID_ENGINE`. */
function forcedEngine(wanted: string | undefined): EngineName | undefined {
  if (wanted) return parseEngineName(wanted, 'engine');
  const fromEnvironment = process.env.GRID_ENGINE;
  return fromEnvironment ? parseEngineName(fromEnvironment, 'GRID_ENGINE') : undefined;
}

/**
 * Loads the engine that is wanted, else `$GRID_ENGINE`'s, else the best one that loads. One engine a process:
 * TensorFlow.js keeps the current backend in a global.
 */
export async function loadEngine(wanted: EngineName | undefined, options: EngineOptions): Promise<Engine> {
  const forced = forcedEngine(wanted);
  if (forced) return loaders[forced](options);
  const failures: unknown[] = [];
  for (const name of automatic) {
    try {
      return await loaders[name](options);
    } catch (error) {
      failures.push(error);
    }
  }
  throw new AggregateError(failures, `no engine loads: ${failures.map(String).join('; ')}`);
}
