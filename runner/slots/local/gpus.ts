import { execa } from 'execa';

export interface Gpu {
  index: number;
  uuid: string;
  name: string;
  /** All of it; undefined: nvidia-smi doesn't say. */
  memoryMegabytes: number | undefined;
}

const query = ['--query-gpu=index,uuid,memory.total,name', '--format=csv,noheader,nounits'];

/**
 * The NVIDIA GPUs of this machine that the environment lets us use (`CUDA_VISIBLE_DEVICES`, by index or UUID), empty without a
 * working `nvidia-smi`.
 */
export async function findGpus(environment: NodeJS.ProcessEnv): Promise<Gpu[]> {
  const { stdout, failed } = await execa('nvidia-smi', query, {
    env: environment,
    reject: false,
    timeout: 10_000,
  });
  return failed ? [] : visibleGpus(parseGpus(stdout), environment.CUDA_VISIBLE_DEVICES);
}

/** nvidia-smi means MiB; of GPUs whose memory is the machine's it says [N/A]. In MB. */
export const mebibytes = (text: string | undefined): number | undefined =>
  /^\d+$/.test(text ?? '') ? Math.floor(Number(text) * 1.048576) : undefined;

export function parseGpus(table: string): Gpu[] {
  return table.split('\n').flatMap(line => {
    const [index, uuid, memory, ...name] = line.split(',').map(field => field.trim());
    if (index === undefined || uuid === undefined || !/^\d+$/.test(index)) return [];
    return { index: Number(index), uuid, name: name.join(', '), memoryMegabytes: mebibytes(memory) };
  });
}

/** CUDA reads the list up to the first entry that it doesn't know; an empty one hides all. */
export function visibleGpus(gpus: Gpu[], visible: string | undefined): Gpu[] {
  if (visible === undefined) return gpus;
  const chosen: Gpu[] = [];
  for (const entry of visible.split(',').map(text => text.trim())) {
    const gpu = gpus.find(
      ({ index, uuid }) => `${index}` === entry || (entry !== '' && uuid.startsWith(entry)),
    );
    if (gpu === undefined) break;
    chosen.push(gpu);
  }
  return chosen;
}
