import type { EngineInfo } from '../../../trainer/contract/events.js';
import type { SlotContext } from '../backend.js';
import { EventReader } from '../event-reader.js';
import { builtInCommand } from './trainer-command.js';
import { TrainerProcess } from './trainer-process.js';

const startGraceMs = 60_000;

/** Starts the shared trainer and asks which engine it loaded. */
export async function probeEngine({ engine, environment }: SlotContext): Promise<EngineInfo> {
  const trainer = new TrainerProcess({
    command: builtInCommand({ engine, threads: 1 }),
    cwd: process.cwd(),
    environment,
  });
  const timer = setTimeout(() => trainer.kill(), startGraceMs);
  try {
    const reader = new EventReader();
    for await (const { text } of trainer.lines)
      for (const event of reader.take(text).events) if (event.type === 'ready') return event.engine;
    const { exitCode, signal, error } = await trainer.ended;
    throw new Error(
      `the trainer doesn't start: ${error ?? signal ?? `exit code ${exitCode}`}; see \`grid doctor\``,
    );
  } finally {
    clearTimeout(timer);
    trainer.kill();
  }
}
