import { execa } from 'execa';
import { mebibytes } from './gpus.js';

/**
 * What processes hold of a GPU, in MB, as its driver tells it; undefined: it doesn't. In containers the driver lists processes by ids that
 * mean nothing there, or none: then all that is in use counts, unless it is used by several.
 */
export async function gpuMegabytes(
  uuid: string,
  pids: readonly number[],
  environment: NodeJS.ProcessEnv,
): Promise<number | undefined> {
  const ask = async (query: string) => {
    const { stdout, failed } = await execa('nvidia-smi', [query, '--format=csv,noheader,nounits'], {
      env: environment,
      reject: false,
      timeout: 10_000,
    });
    return failed ? [] : stdout.split('\n').map(line => line.split(',').map(field => field.trim()));
  };
  const processes = (await ask('--query-compute-apps=gpu_uuid,pid,used_memory')).filter(
    ([gpu]) => gpu === uuid,
  );
  const own = processes.filter(([, pid]) => pids.includes(Number(pid)));
  const held = own.map(([, , used]) => mebibytes(used));
  if (held.length > 0)
    return held.every(used => used !== undefined) ? held.reduce((sum, used) => sum + used, 0) : undefined;
  if (processes.length > 1) return undefined;
  const [, used] = (await ask('--query-gpu=uuid,memory.used')).find(([gpu]) => gpu === uuid) ?? [];
  return mebibytes(used);
}
