import type { EngineName } from '../contract/events.js';
import type { Engine } from './engine.js';
import { EngineError } from './engine-error.js';
import { loadNativeEngine } from './native/engine.js';

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
 *
 * Throws an EngineError where none of them loads.
 */
export async function loadEngine(wanted: EngineName | undefined, options: EngineOptions): Promise<Engine> {
  const forced = forcedEngine(wanted);
  const failures: unknown[] = [];
  for (const name of forced === undefined ? automatic : [forced]) {
    try {
      return await loaders[name](options);
    } catch (error) {
      failures.push(error);
    }
  }
  const reasons = failures.map(error => (error instanceof Error ? error.message : String(error))).join('; ');
  throw new EngineError(forced === undefined ? `no engine loads: ${reasons}` : reasons, {
    cause: new AggregateError(failures),
  });
}
