import type { Engine } from '../../engine/engine.js';
import type { Tensor } from '../../engine/ops.js';
import { loadCpuEngine, loadWasmEngine } from '../../engine/wasm/engine.js';

/** Both engines in one process: each runs while `on` has made its backend the current one. */
export const cpu = await loadCpuEngine();
export const wasm = await loadWasmEngine({ threads: 1 });

/** Runs `compute` on an engine and reads its results. */
export async function on(
  engine: Engine,
  compute: (engine: Engine) => Tensor[],
): Promise<{ shape: number[]; values: number[] }[]> {
  await engine.tf.setBackend(engine.info.name);
  return engine.tf.tidy(() =>
    compute(engine).map(tensor => ({ shape: tensor.shape, values: [...tensor.dataSync()] })),
  );
}

/** Largest |a - b| / max(1, |b|). */
export function deviation(actual: readonly number[], expected: readonly number[]): number {
  if (actual.length !== expected.length) return Number.POSITIVE_INFINITY;
  return actual.reduce((worst, value, index) => {
    const difference = Math.abs(value - expected[index]!) / Math.max(1, Math.abs(expected[index]!));
    return Number.isNaN(difference) ? Number.POSITIVE_INFINITY : Math.max(worst, difference);
  }, 0);
}
