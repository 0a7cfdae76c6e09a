/** Keys of an entry `backend: ray`. */
export interface RayEntry {
  address: string;
  max: number;
  gpus?: number;
  cpus?: number;
  memory?: number;
  resources?: Record<string, number>;
  headers?: Record<string, string>;
  server?: string;
}

export const raySchema = {
  type: 'object',
  additionalProperties: false,
  required: ['address', 'max'],
  properties: {
    address: {
      type: 'string',
      pattern: '^https?://([^/:@\\s\\[\\]]+|\\[[0-9A-Fa-f:.]+\\])(:[0-9]{1,5})?(/[^\\s?#]*)?$',
      description: 'of the dashboard, as `ray job submit --address` takes it: http://head:8265',
    },
    max: {
      type: 'integer',
      minimum: 1,
      maximum: 1000,
      description: 'Most agents at a time, those that wait included',
    },
    gpus: { type: 'number', minimum: 0, maximum: 64, description: 'GPUs of each agent; 0.5: two share one' },
    cpus: {
      type: 'number',
      exclusiveMinimum: 0,
      maximum: 1024,
      description: 'CPUs of each agent, and without gpus its slots; default: 1, with gpus none of its own',
    },
    memory: { type: 'integer', minimum: 1, description: 'Memory of each agent in megabytes' },
    resources: {
      type: 'object',
      additionalProperties: { type: 'number', exclusiveMinimum: 0 },
      description: 'What else its node must have, by Ray’s names: {"accelerator_type:A100": 0.01}',
    },
    headers: {
      type: 'object',
      additionalProperties: { type: 'string' },
      description:
        'Of every request, as what stands before the head asks for; RAY_AUTH_TOKEN is sent by itself',
    },
  },
};

/** What Ray would fail each job for. */
export function entryTrouble({ gpus = 0, resources = {} }: RayEntry): string | undefined {
  if (gpus > 1 && !Number.isInteger(gpus))
    return `gpus: ${gpus}: expected a part of one GPU, or whole ones, as Ray takes them`;
  const keys: Record<string, string> = { CPU: 'cpus', GPU: 'gpus', memory: 'memory' };
  const name = Object.keys(resources).find(name => Object.hasOwn(keys, name));
  return name && `resources: ${name} has a key of its own in the entry: ${keys[name]}`;
}

/** What Ray is asked for; it runs what asks for nothing on its head, however many there are. */
export function askedOf({ gpus = 0, cpus = gpus > 0 ? 0 : 1, memory, resources }: RayEntry) {
  return {
    entrypoint_num_cpus: cpus,
    entrypoint_num_gpus: gpus,
    ...(memory !== undefined && { entrypoint_memory: memory * 1e6 }),
    ...(resources !== undefined && { entrypoint_resources: resources }),
  };
}

/** For the user: `gpus: 0.5, cpus: 1`. */
export const resourceWords = ({ gpus, cpus, memory, resources }: RayEntry): string =>
  Object.entries({ gpus, cpus: cpus ?? (gpus ? undefined : 1), memory, ...resources })
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}: ${value}`)
    .join(', ');

/**
 * Lines of shell after which file descriptor 3 holds the slots file of an agent: the GPUs that Ray gave it, by
 * `CUDA_VISIBLE_DEVICES`, or as many CPU slots as it has CPUs. Ray sets no bounds to its processes: their number isn't seen there.
 */
export function slotsScript({ gpus = 0, cpus = 1 }: RayEntry): string {
  const file = (entry: object) => `exec 3<<'GRIDFARM_SLOTS'
${JSON.stringify({ slots: [{ backend: 'local', ...entry }] })}
GRIDFARM_SLOTS
`;
  const onCpus = file({ cpus: Math.max(1, Math.floor(cpus)) });
  if (gpus === 0) return onCpus;
  // One that shares its GPU must not take all of its memory.
  const onGpus = file({
    gpus: 'all',
    ...(gpus % 1 > 0 && { environment: { TF_FORCE_GPU_ALLOW_GROWTH: 'true' } }),
  });
  return `if nvidia-smi -L >/dev/null 2>&1; then\n${onGpus}else\n${onCpus}fi\n`;
}
