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

/** Name of the GPU that a program sees first: of the first one that `CUDA_VISIBLE_DEVICES` lets through. */
export async function visibleGpuName(): Promise<string | undefined> {
  const gpus = await listGpus();
  const first = process.env.CUDA_VISIBLE_DEVICES?.split(',')[0];
  return (gpus.find(({ index }) => String(index) === first) ?? gpus[0])?.name;
}
