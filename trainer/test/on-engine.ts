import { describe } from 'vitest';
import type { EngineName } from '../contract/events.js';
import type { Engine } from '../engine/engine.js';
import { loadEngine } from '../engine/load-engine.js';

/**
 * Runs a suite on an engine, with one thread; one engine a test file, since TensorFlow.js has one backend a process.
 * Where the engine isn't there, the skipped suite's name says why.
 */
export async function onEngine(name: EngineName, suite: (engine: Engine) => void): Promise<void> {
  let engine: Engine;
  try {
    engine = await loadEngine(name, { threads: 1 });
  } catch (error) {
    describe.skip(`${name}: ${error instanceof Error ? error.message : error}`, () => {});
    return;
  }
  describe(`${name}: ${engine.info.version}`, () => suite(engine));
}
