import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { probeEngine } from '../../install/probe.js';

const worker = fileURLToPath(new URL('./training-hash-worker.js', import.meta.url));
const trainedWeights = async (engine: string, precision: string) =>
  (await promisify(execFile)(process.execPath, [worker, engine, precision])).stdout;

for (const engine of ['tensorflow', 'wasm'] as const) {
  const status = await probeEngine(engine);
  describe.skipIf(!status.available)(`${engine}${status.available ? '' : `: ${status.reason}`}`, () => {
    const precisions = status.available ? status.precisions : [];
    it.each(precisions)('gives the same bits in every process, in %s', async precision => {
      const train = () => trainedWeights(engine, precision);
      const [first, second] = await Promise.all([train(), train()]);
      expect(first).toMatch(/^[0-9a-f]{64}$/);
      expect(second).toBe(first);
    });
  });
}
