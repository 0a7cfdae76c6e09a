import { fileURLToPath } from 'node:url';
import type { SlotRun } from './trainer-run.js';

/** The shared trainer, beside this file in the compiled package. */
export const builtInTrainer = fileURLToPath(new URL('../../trainer/main.js', import.meta.url));

/** Settings of a slot that reach the trainer. */
export interface TrainerSettings {
  engine: string | null;
  /** Threads of the engine; null: the engine's own choice (GPU). */
  threads: number | null;
  environment: NodeJS.ProcessEnv;
}

/** How to start the trainer that a run asks for. */
export interface TrainerProgram {
  command: string[];
  cwd: string;
  environment: NodeJS.ProcessEnv;
  /** Serves many runs through the request protocol of the contract. */
  persistent: boolean;
}

/** The shared trainer, or the grid's own command with the run in its environment. */
export function trainerProgram(run: SlotRun, settings: TrainerSettings): TrainerProgram {
  const external = run.spec.trainer;
  const environment = { ...settings.environment, ...threadVariables(settings.threads) };
  if (external === null) {
    return {
      command: builtInCommand({ ...settings, engine: run.engine ?? settings.engine }),
      cwd: run.gridFolder,
      environment,
      persistent: true,
    };
  }
  const { command, persistent } = external;
  if (persistent) return { command, cwd: run.gridFolder, environment, persistent };
  return {
    command,
    cwd: run.gridFolder,
    environment: {
      ...environment,
      GRID_CELL: run.cellId,
      GRID_RUN_DIR: run.runDir,
      GRID_SEED: `${run.spec.seed}`,
      GRID_SPEC: run.specFile,
    },
    persistent,
  };
}

export function builtInCommand({ engine, threads }: Pick<TrainerSettings, 'engine' | 'threads'>): string[] {
  return [
    process.execPath,
    builtInTrainer,
    ...(engine === null ? [] : ['--engine', engine]),
    ...(threads === null ? [] : ['--threads', `${threads}`]),
  ];
}

/** What TensorFlow, OpenMP (PyTorch) and the rest take as their number of threads. */
function threadVariables(threads: number | null): NodeJS.ProcessEnv {
  if (threads === null) return {};
  const count = `${threads}`;
  return {
    TF_NUM_INTRAOP_THREADS: count,
    TF_NUM_INTEROP_THREADS: '1',
    OMP_NUM_THREADS: count,
    OPENBLAS_NUM_THREADS: count,
    MKL_NUM_THREADS: count,
  };
}
