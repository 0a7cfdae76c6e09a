import { fileURLToPath } from 'node:url';
import type { SlotContext, SlotRun } from './trainer-run.js';

/** The shared trainer, beside this file in the compiled package. */
const builtInTrainer = fileURLToPath(new URL('../../trainer/main.js', import.meta.url));

/** Settings of a slot, or of this machine, that reach the trainer. */
export interface TrainerSettings extends SlotContext {
  /** Threads of the engine; null or left out: the engine's own choice. */
  threads?: number | null;
}

interface TrainerStart {
  command: string[];
  environment: NodeJS.ProcessEnv;
}

/** How to start the trainer that a run asks for. */
export interface TrainerProgram extends TrainerStart {
  cwd: string;
  /** Serves many runs through the request protocol of the contract. */
  persistent: boolean;
}

/**
 * How the shared trainer is started, for whatever it is to be: to serve runs (no mode), to answer a question, as a tool in the
 * terminal. The engine is a flag, so that it is part of the command line that logs show and that tells warm processes apart.
 */
export const sharedTrainer = (settings: TrainerSettings, mode: readonly string[] = []): TrainerStart => {
  const { engine, threads = null } = settings;
  return {
    command: [
      ...[process.execPath, builtInTrainer, ...mode],
      ...(engine === null ? [] : ['--engine', engine]),
      ...(threads === null ? [] : ['--threads', `${threads}`]),
    ],
    environment: environmentOf(settings),
  };
};

/** The shared trainer, or the grid's own command with the run in its environment. */
export function trainerProgram(run: SlotRun, settings: TrainerSettings): TrainerProgram {
  const external = run.spec.trainer;
  const { cell, grid: cwd } = run.artifacts.folder();
  if (external === null) {
    const engine = run.engine ?? settings.engine;
    return { ...sharedTrainer({ ...settings, engine }), cwd, persistent: true };
  }
  const { command, persistent } = external;
  const environment = environmentOf(settings);
  if (persistent) return { command, cwd, environment, persistent };
  return {
    command,
    cwd,
    environment: {
      ...environment,
      GRID_CELL: run.cellId,
      GRID_RUN_DIR: cell.root,
      GRID_SEED: `${run.spec.seed}`,
      GRID_SPEC: cell.runSpec,
    },
    persistent,
  };
}

/** With what TensorFlow, OpenMP (PyTorch) and the rest take as their number of threads. */
function environmentOf({ environment, threads = null }: TrainerSettings): NodeJS.ProcessEnv {
  if (threads === null) return environment;
  const count = `${threads}`;
  return {
    ...environment,
    TF_NUM_INTRAOP_THREADS: count,
    TF_NUM_INTEROP_THREADS: '1',
    OMP_NUM_THREADS: count,
    OPENBLAS_NUM_THREADS: count,
    MKL_NUM_THREADS: count,
  };
}
