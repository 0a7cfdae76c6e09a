import type { GivenRun } from '../messages.js';
import type { Api } from './api.js';
import type { AgentOptions } from './options.js';

/**
 * Where the run's data lie on this machine; null: where the run says.
 *
 * @param own where the slot has them by itself; null: they are sent
 * @throws OtherDataError if those are others
 */
export async function bringData(
  run: GivenRun,
  own: string | null,
  { data, ownData }: Pick<AgentOptions, 'data' | 'ownData'>,
  { api, signal }: { api: Api; signal: AbortSignal },
): Promise<string | null> {
  if (own === null) return run.data === null ? null : data.get(run.data, api, signal);
  await ownData.check({ ...run.spec.data, root: own }, run.dataFingerprint);
  return own;
}
