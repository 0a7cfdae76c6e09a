/** Serves a runner on stdin and stdout until it is gone. */
import type { TrainerEvent } from '../contract/events.js';
import { trainerExitCodes } from '../contract/exit-codes.js';
import { trainerVersion } from '../contract/version.js';
import { serve } from '../run/serve.js';
import type { OpenData } from '../training/run-data.js';
import { type EngineFlags, loadFlaggedEngine } from './engine-flags.js';
import { claimStdout } from './protocol-output.js';

/** `openData` makes the source of data for an engine that is fed by so many worker threads. */
export async function serveRunner(
  flags: EngineFlags,
  openData: (options: { workers: number }) => OpenData,
): Promise<void> {
  const emit = claimStdout<TrainerEvent>();
  // Ctrl-C reaches the whole process group, the stop of a service or a container every process, but it's the runner that
  // decides what becomes of the running epoch.
  if (!process.stdin.isTTY)
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});
  const { engine, workers } = await loadFlaggedEngine(flags);
  const { info, precisions } = engine;
  emit({ type: 'ready', pid: process.pid, engine: info, trainerVersion, precisions });
  await serve({
    input: process.stdin,
    engine,
    openData: openData({ workers }),
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
