import type { EngineName } from '../contract/events.js';
import { type Gpu, listGpus } from '../engine/gpus.js';
import { engineNames } from '../engine/load-engine.js';
import { machineShare } from '../files/machine.js';
import { type EngineStatus, probeEngine } from './probe.js';

/** What this machine has to train on, as plain JSON. */
export interface DoctorReport {
  node: string;
  platform: string;
  cpuThreads: number;
  memoryMegabytes: number;
  gpus: Gpu[];
  /** Best one first. */
  engines: EngineStatus[];
  /** The engine that a run takes by default. */
  engine: EngineName | null;
  /** What could be better and the command that makes it so. */
  advice: string[];
}

function adviceFor(engines: readonly EngineStatus[], gpus: readonly Gpu[]): string[] {
  const native = engines.find(({ name }) => name === 'tensorflow');
  const embedded = engines.find(({ name }) => name === 'wasm');
  const advice: string[] = [];
  if (!native?.available) advice.push('`grid setup` gets the native engine, which is several times faster');
  else if (gpus.length > 0 && native.device.startsWith('cpu'))
    advice.push(
      `the native engine does not see ${gpus[0]!.name}: install a TensorFlow with CUDA (pip install 'tensorflow[and-cuda]'), then \`grid setup --force\``,
    );
  if (!embedded?.available) advice.push('`npm ci` restores the embedded engine');
  return advice;
}

/** Tries all engines, each in a process of its own, and lists the machine's devices. `forced`: the only one that a run may take. */
export async function runDoctor(forced = process.env.GRID_ENGINE): Promise<DoctorReport> {
  const [gpus, engines] = await Promise.all([listGpus(), listEngines()]);
  const { cpus, memory } = machineShare();
  const usable = engines.filter(
    ({ name, available }) => available && (forced ? name === forced : name !== 'cpu'),
  );
  return {
    node: process.version,
    platform: `${process.platform}-${process.arch}`,
    cpuThreads: cpus,
    memoryMegabytes: Math.round(memory / 2 ** 20),
    gpus,
    engines,
    engine: usable[0]?.name ?? null,
    advice: adviceFor(engines, gpus),
  };
}

/** Every engine, best one first: its version and device, or why it isn't there. */
const listEngines = (): Promise<EngineStatus[]> => Promise.all(engineNames.map(name => probeEngine(name)));
