import { machineShare } from '../../../trainer/files/machine.js';
import { GridfarmError } from '../../domain/error.js';
import type { SharedMemory } from '../../domain/slot.js';
import { askTrainer } from '../../trainer-client/ask-trainer.js';
import { probeEngine } from '../../trainer-client/probe-engine.js';
import type { SlotContext } from '../../trainer-client/trainer-run.js';
import type { OpenSlot, SlotBackend } from '../backend.js';
import { dataRootOf, dataRootSchema } from '../data-root.js';
import { findGpus, type Gpu } from './gpus.js';
import { SlotPool } from './pool.js';
import { LocalSlot } from './slot.js';

/** Keys of an entry `backend: local` of a slots file. Without `gpus` and `cpus`: what the machine has. */
export interface LocalEntry {
  gpus?: 'all' | number[];
  share?: number | 'auto';
  cpus?: number;
  threads?: number;
  memoryLimitMegabytes?: number;
  environment?: Record<string, string>;
  data?: string;
}

/** Share of the machine's memory that its trainers may hold together before they are replaced. */
const memoryShare = 0.8;

/** Slots of one GPU. */
const mostShares = 16;

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
      share: {
        description:
          'Slots on each GPU; auto: as many cells at a time as its memory (without GPUs the machine’s) has room for, by what was measured of like ones',
        anyOf: [{ const: 'auto' }, { type: 'integer', minimum: 1, maximum: mostShares }],
      },
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
    const pools = new Map<string, SlotPool>();
    return plans.map(({ environment, ...plan }): OpenSlot => {
      const pool = pools.get(plan.shares.name) ?? new SlotPool();
      pools.set(plan.shares.name, pool);
      return new LocalSlot({
        ...plan,
        pool,
        engine: context.engine,
        dataRoot: dataRootOf(entry.data),
        memoryLimitMegabytes,
        environment: { ...context.environment, ...environment, ...entry.environment },
      });
    });
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
  shares: SharedMemory;
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
  const isMeasured = share === 'auto';
  // Each needs a thread that feeds it.
  const fed = Math.max(1, Math.floor(machineShare().cpus / gpus.length));
  const count = isMeasured ? Math.min(mostShares, fed) : share;
  return gpus.flatMap(({ index, uuid, name, memoryMegabytes: megabytes }) =>
    Array.from({ length: count }, (_, part) => ({
      slotId: count === 1 ? `local/gpu${index}` : `local/gpu${index}.${part}`,
      device: isMeasured ? `a share of ${name}` : count === 1 ? name : `1/${count} of ${name}`,
      threads: null,
      ...(megabytes !== undefined && {
        memoryMegabytes: isMeasured ? megabytes : Math.floor(megabytes / count),
      }),
      gpu: uuid,
      shares: { name: `local/gpu${index}`, of: 'gpu' as const, megabytes: megabytes ?? null, isMeasured },
      environment: {
        CUDA_DEVICE_ORDER: 'PCI_BUS_ID',
        CUDA_VISIBLE_DEVICES: uuid,
        ...((isMeasured || count > 1) && { TF_FORCE_GPU_ALLOW_GROWTH: 'true' }),
      },
    })),
  );
}

function cpuSlots({ threads = 1, cpus, share }: LocalEntry): SlotPlan[] {
  const machine = machineShare();
  const count = cpus ?? Math.max(1, Math.floor(machine.cpus / threads));
  const megabytes = Math.floor(machine.memory / 1e6);
  return Array.from({ length: count }, (_, index) => ({
    slotId: `local/cpu${index}`,
    device: `${threads} CPU thread${threads === 1 ? '' : 's'}`,
    threads,
    shares: { name: 'local/cpu', of: 'machine' as const, megabytes, isMeasured: share === 'auto' },
    // A native engine built for GPUs must not take one that it was not given.
    environment: { CUDA_VISIBLE_DEVICES: '-1' },
  }));
}
