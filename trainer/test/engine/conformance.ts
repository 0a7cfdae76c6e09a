import { describe } from 'vitest';
import type { EngineName } from '../../contract/events.js';
import { loadEngine } from '../../engine/load-engine.js';
import { muonConformance } from '../optimizers/muon-conformance.js';
import { optimizerConformance } from '../optimizers/optimizer-conformance.js';
import { activationConformance } from './activation-conformance.js';
import { attentionConformance } from './attention-conformance.js';
import { convolutionConformance } from './convolution-conformance.js';
import { depthwiseConformance } from './depthwise-conformance.js';
import { opsConformance } from './ops-conformance.js';
import { transformerOpsConformance } from './transformer-ops-conformance.js';

/**
 * All that every engine must do alike; one engine a test file, since TensorFlow.js has one backend a process.
 * Where the engine isn't there, the skipped suite's name says why.
 */
export async function engineConformance(name: EngineName): Promise<void> {
  try {
    const engine = await loadEngine(name, { threads: 1 });
    describe(`${name}: ${engine.info.version}`, () => {
      activationConformance(engine);
      convolutionConformance(engine);
      depthwiseConformance(engine);
      opsConformance(engine);
      transformerOpsConformance(engine);
      attentionConformance(engine);
      optimizerConformance(engine);
      muonConformance(engine);
    });
  } catch (error) {
    describe.skip(`${name}: ${error instanceof Error ? error.message : error}`);
  }
}
