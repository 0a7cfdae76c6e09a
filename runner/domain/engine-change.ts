/** Whether an engine of another time computes the same numbers. */
import { hadOneDnn } from '../../trainer/contract/cpu-features.js';
import type { EngineInfo } from '../../trainer/contract/events.js';

export type KnownEngine = Pick<EngineInfo, 'name' | 'version' | 'cpu'>;

/**
 * Why a result of `then` would come out differently on each of the engines in use, or undefined if one of them gives the
 * same numbers, or none is known. The device is no reason: one grid may run on several.
 */
export function engineChange(then: EngineInfo, now: readonly KnownEngine[]): string | undefined {
  const alike = now.filter(({ name, version }) => name === then.name && version === then.version);
  if (now.length === 0 || alike.some(engine => hasSameKernels(then, engine))) return undefined;
  if (alike.length > 0)
    return alike[0]!.cpu?.oneDnn
      ? 'TensorFlow uses oneDNN now, which it did not (TF_ENABLE_ONEDNN_OPTS=0 is as before)'
      : 'TensorFlow does not use oneDNN now, which it did (TF_ENABLE_ONEDNN_OPTS=1 is as before)';
  return `the engine changed (${then.name} ${then.version} → ${now.map(({ name, version }) => `${name} ${version}`).join(', ')})`;
}

function hasSameKernels(then: EngineInfo, { cpu }: KnownEngine): boolean {
  if (cpu === undefined || !then.device.startsWith('cpu')) return true;
  return hadOneDnn(then.cpu, cpu) === cpu.oneDnn;
}
