import { shape } from '../../../../trainer/contract/shape.js';
import type { KaggleApi } from './api.js';

export interface GpuQuota {
  /** Of this week, in seconds; undefined: Kaggle doesn't say. */
  leftSeconds?: number;
  /** For the user: `28.5 of 30 h used or reserved, new ones from 2026-12-05T00:00:00Z`. */
  words: string;
}

interface Quota {
  timeUsed?: string;
  timeReserved?: string;
  totalTimeAllowed?: string;
}
interface Statistics {
  gpuQuota?: Quota;
  quotaRefreshTime?: string;
}
const string = { type: 'string' };
const schema = shape<Statistics>(
  {
    gpuQuota: shape<Quota>({ timeUsed: string, timeReserved: string, totalTimeAllowed: string }, [
      ...(['timeUsed', 'timeReserved', 'totalTimeAllowed'] as const),
    ]),
    quotaRefreshTime: string,
  },
  ['gpuQuota', 'quotaRefreshTime'],
);

/** How long GPUs may be used this week. @throws KaggleError */
export async function gpuQuota(api: KaggleApi): Promise<GpuQuota> {
  const method = 'kernels.KernelsApiService/GetAcceleratorQuotaStatistics';
  const { gpuQuota = {}, quotaRefreshTime } = await api.call<Statistics>(method, {}, schema);
  const total = seconds(gpuQuota.totalTimeAllowed);
  if (total === undefined) return { words: 'Kaggle says no quota' };
  // What is zero is left out.
  const gone = (seconds(gpuQuota.timeUsed) ?? 0) + (seconds(gpuQuota.timeReserved) ?? 0);
  const hours = (value: number) => Number((value / 3600).toFixed(1));
  const from = quotaRefreshTime === undefined ? '' : `, new ones from ${quotaRefreshTime}`;
  return {
    leftSeconds: Math.max(0, total - gone),
    words: `${hours(gone)} of ${hours(total)} h of GPUs used or reserved${from}`,
  };
}

/** `1234.5s` */
function seconds(duration: string | undefined): number | undefined {
  const digits = /^(\d+(?:\.\d+)?)s$/.exec(duration ?? '')?.[1];
  return digits === undefined ? undefined : Number(digits);
}
