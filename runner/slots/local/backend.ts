import { machineShare } from '../../../trainer/files/machine.js';
import { GridfarmError } from '../../domain/error.js';
import { askTrainer } from '../../trainer-client/ask-trainer.js';
import { probeEngine } from '../../trainer-client/probe-engine.js';
import type { SlotContext } from '../../trainer-client/trainer-run.js';
import type { OpenSlot, SlotBackend } from '../backend.js';
import { dataRootOf, dataRootSchema } from '../data-root.js';
import { findGpus, type Gpu } from './gpus.js';
import { LocalSlot } from './slot.js';

/** Keys of an entry `backend: local` of a slots file. Without `gpus` and `cpus`: what the machine has. */
export interface LocalEntry {
  gpus?: 'all' | number[];
  share?: number;
  cpus?: number;
  threads?: number;
  memoryLimitMegabytes?: number;
  environment?: Record<string, string>;
  data?: string;
}

/** Share of the machine's memory that its trainers may hold together before they are replaced. */
const memoryShare = 0.8;

/** This machine: one slot a GPU (or several), else CPU slots of some threads each. */
export const localBackend: SlotBackend<LocalEntry> = {
  name: 'local',
  schema: {
    type: 'object',
    additionalProperties: false,
    properties: {
      gpus: {
        description:
          'GPUs by the index that nvidia-smi shows, or all; without gpus and cpus: what the machine has',
        anyOf: [
          { const: 'all' },
          { type: 'array', items: { type: 'integer', minimum: 0 }, minItems: 1, uniqueItems: true },
        ],
      },
      share: { type: 'integer', minimum: 1, maximum: 16, description: 'Slots on each GPU' },
      cpus: { type: 'integer', minimum: 1, maximum: 1024, description: 'CPU slots' },
      threads: { type: 'integer', minimum: 1, maximum: 1024, description: 'Threads of each CPU slot' },
      memoryLimitMegabytes: {
        type: 'integer',
        minimum: 1,
        description: 'A trainer that holds more between two cells is replaced',
      },
      environment: {
        type: 'object',
        additionalProperties: { type: 'string' },
        description: 'More environment variables for the trainer',
      },
      data: dataRootSchema,
    },
  },

  async open(entry, context) {
    const plans = await slotsOf(entry, context);
    const memoryLimitMegabytes =
      entry.memoryLimitMegabytes ?? Math.floor((machineShare().memory / 1e6) * (memoryShare / plans.length));
    return plans.map(
      ({ environment, ...plan }): OpenSlot =>
        new LocalSlot({
          ...plan,
          engine: context.engine,
          dataRoot: dataRootOf(entry.data),
          memoryLimitMegabytes,
          environment: { ...context.environment, ...environment, ...entry.environment },
        }),
    );
  },

  dataRoot: entry => dataRootOf(entry.data),

  async engine(entry, context) {
    const [slot] = await slotsOf(entry, context);
    const environment = { ...context.environment, ...slot?.environment, ...entry.environment };
    return probeEngine({ ...context, environment });
  },

  async ask(entry, question, context) {
    const computes = question.threads !== undefined;
    const [slot] = computes ? await slotsOf(entry, context) : [];
    const threads = question.threads === 'slot' ? slot?.threads : question.threads;
    const environment = { ...context.environment, ...slot?.environment, ...entry.environment };
    return askTrainer(question, { ...context, threads: threads ?? null, environment });
  },
};

interface SlotPlan {
  slotId: string;
  device: string;
  threads: number | null;
  /** Of its GPU, or of its share; absent: the machine's. */
  memoryMegabytes?: number;
  gpu?: string;
  environment: NodeJS.ProcessEnv;
}

/** At least one. */
async function slotsOf(entry: LocalEntry, context: SlotContext): Promise<SlotPlan[]> {
  const gpus = await gpusOf(entry, context);
  return gpus.length > 0 ? gpuSlots(gpus, entry) : cpuSlots(entry);
}

async function gpusOf(entry: LocalEntry, context: SlotContext): Promise<Gpu[]> {
  const wantsCpu = entry.cpus !== undefined || entry.threads !== undefined;
  const otherEngine = context.engine !== null && context.engine !== 'tensorflow';
  if (entry.gpus === undefined && (wantsCpu || otherEngine)) return [];
  const found = await findGpus(context.environment);
  if (entry.gpus === undefined) return found;
  const shown = found.map(gpu => gpu.index);
  const wanted = entry.gpus === 'all' ? shown : entry.gpus;
  const missing = wanted.filter(index => !shown.includes(index));
  if (wanted.length === 0 || missing.length > 0)
    throw new GridfarmError(
      'environment',
      `gpus: no GPU ${missing.join(', ')} here; nvidia-smi shows ${shown.length === 0 ? 'none' : shown.join(', ')}`,
    );
  return found.filter(gpu => wanted.includes(gpu.index));
}

function gpuSlots(gpus: Gpu[], { share = 1 }: LocalEntry): SlotPlan[] {
  return gpus.flatMap(gpu =>
    Array.from({ length: share }, (_, part) => ({
      slotId: share === 1 ? `local/gpu${gpu.index}` : `local/gpu${gpu.index}.${part}`,
      device: share === 1 ? gpu.name : `1/${share} of ${gpu.name}`,
      threads: null,
      ...(gpu.memoryMegabytes !== undefined && { memoryMegabytes: Math.floor(gpu.memoryMegabytes / share) }),
      gpu: gpu.uuid,
      environment: {
        CUDA_DEVICE_ORDER: 'PCI_BUS_ID',
        CUDA_VISIBLE_DEVICES: gpu.uuid,
        ...(share > 1 && { TF_FORCE_GPU_ALLOW_GROWTH: 'true' }),
      },
    })),
  );
}

function cpuSlots({ threads = 1, cpus }: LocalEntry): SlotPlan[] {
  const count = cpus ?? Math.max(1, Math.floor(machineShare().cpus / threads));
  return Array.from({ length: count }, (_, index) => ({
    slotId: `local/cpu${index}`,
    device: `${threads} CPU thread${threads === 1 ? '' : 's'}`,
    threads,
    // A native engine built for GPUs must not take one that it was not given.
    environment: { CUDA_VISIBLE_DEVICES: '-1' },
  }));
}
