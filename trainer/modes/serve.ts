/** Serves a runner on stdin and stdout until it is gone. */
import { availableParallelism } from 'node:os';
import { loadEngine } from '../backend/load-engine.js';
import type { EngineInfo, EngineName } from '../contract/events.js';
import { trainerExitCodes } from '../contract/exit-codes.js';
import { trainerVersion } from '../contract/version.js';
import type { OpenData } from '../training/run-data.js';
import { serve } from '../training/serve.js';
import { claimStdout } from './protocol-output.js';

export interface ServeFlags {
  engine?: string | undefined;
  threads?: string | undefined;
}

/** `openData` makes the source of data for an engine that is fed by so many worker threads. */
export async function serveRunner(
  flags: ServeFlags,
  openData: (options: { workers: number }) => OpenData,
): Promise<void> {
  const emit = claimStdout();
  // Ctrl-C reaches the whole process group, but it's the runner that decides what becomes of the running epoch.
  if (!process.stdin.isTTY) for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => {});
  const engine = await loadEngine(flags.engine as EngineName | undefined, { threads: threadsOf(flags) });
  emit({ type: 'ready', pid: process.pid, engine: engine.info, trainerVersion });
  await serve({
    input: process.stdin,
    engine,
    openData: openData({ workers: workersFor(engine.info) }),
    emit,
    onEnd: () => process.exit(trainerExitCodes.ok),
    onRunEnd(failure) {
      // A WebAssembly heap never shrinks, and an aborted one can't be used again.
      if (failure === 'outOfMemory' && engine.info.name !== 'tensorflow')
        process.exit(trainerExitCodes.outOfMemory);
    },
  });
  process.exit(trainerExitCodes.ok);
}

/** A CPU step takes longer than making its batch; a GPU's takes less, so that several threads make batches for it. */
function workersFor({ device }: EngineInfo): number {
  return device.startsWith('cpu') ? 1 : Math.min(6, Math.max(1, availableParallelism() - 1));
}

function threadsOf({ threads }: ServeFlags): number {
  const count = threads === undefined ? availableParallelism() : Number(threads);
  if (Number.isInteger(count) && count > 0) return count;
  throw new Error(`--threads: expected a positive integer, got ${threads}`);
}
