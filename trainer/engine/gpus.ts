import { runCommand } from './run-command.js';

export interface Gpu {
  index: number;
  name: string;
  memoryMegabytes: number;
  driver: string;
}

/** NVIDIA's GPUs as `nvidia-smi` lists them; none where that program isn't there or fails. */
export async function listGpus(): Promise<Gpu[]> {
  const query = ['--query-gpu=index,name,memory.total,driver_version', '--format=csv,noheader,nounits'];
  let table: string;
  try {
    table = await runCommand('nvidia-smi', query, { timeoutMs: 20_000 });
  } catch {
    return [];
  }
  return table
    .split('\n')
    .filter(line => line.trim() !== '')
    .map(line => {
      const [index, name, memory, driver] = line.split(',').map(cell => cell.trim());
      return {
        index: Number(index),
        name: name ?? '',
        memoryMegabytes: Number(memory),
        driver: driver ?? '',
      };
    });
}

/** The one that a program sees first: the first one that `CUDA_VISIBLE_DEVICES` lets through. */
function visible<T extends { index: number }>(gpus: readonly T[]): T | undefined {
  const first = process.env.CUDA_VISIBLE_DEVICES?.split(',')[0];
  return gpus.find(({ index }) => String(index) === first) ?? gpus[0];
}

/** CUDA compute capability of the GPU that a program sees first, such as 8.6; undefined where nothing tells. */
export async function visibleGpuComputeCapability(): Promise<number | undefined> {
  const query = ['--query-gpu=index,compute_cap', '--format=csv,noheader,nounits'];
  try {
    const table = await runCommand('nvidia-smi', query, { timeoutMs: 20_000 });
    const rows = table.trim().split('\n');
    const gpus = rows.map(line => {
      const [index, capability] = line.split(',').map(Number);
      return { index: index!, capability: capability! };
    });
    return visible(gpus)?.capability;
  } catch {
    return undefined;
  }
}

/** Name of the GPU that a program sees first. */
export async function visibleGpuName(): Promise<string | undefined> {
  return visible(await listGpus())?.name;
}
