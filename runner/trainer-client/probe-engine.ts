import { probedEngine } from '../../trainer/contract/answer-schemas.js';
import type { TrainerEvent } from '../../trainer/contract/events.js';
import { checkedValue } from '../../trainer/files/checked-json.js';
import { lastWords } from './ask-trainer.js';
import { EventReader } from './event-reader.js';
import { sharedTrainer } from './trainer-command.js';
import { TrainerProcess } from './trainer-process.js';
import { EngineMissingError, type OfferedEngine, type SlotContext } from './trainer-run.js';

const startGraceMs = 60_000;

/** Starts the shared trainer and asks which engine it loaded. @throws EngineMissingError */
export async function probeEngine(context: SlotContext): Promise<OfferedEngine> {
  const trainer = new TrainerProcess({
    ...sharedTrainer({ ...context, threads: 1 }),
    cwd: process.cwd(),
  });
  let said = '';
  trainer.log = {
    write(chunk) {
      said += chunk.toString();
    },
  };
  let timedOut = false;
  const timer = setTimeout(() => {
    timedOut = true;
    trainer.kill();
  }, startGraceMs);
  try {
    const reader = new EventReader();
    for await (const { text } of trainer.lines)
      for (const event of reader.take(text).events) if (event.type === 'ready') return engineOf(event);
    const { exitCode, signal, error } = await trainer.ended;
    const end = timedOut
      ? `it said nothing for ${startGraceMs / 1000} s`
      : (error ?? (signal === undefined ? `exit code ${exitCode}` : `it was ended by ${signal}`));
    throw new EngineMissingError(
      `no engine: ${said.trim() === '' ? end : lastWords(said)}; \`grid doctor\` shows what this machine has`,
    );
  } finally {
    clearTimeout(timer);
    trainer.kill();
  }
}

function engineOf({ engine, precisions }: Extract<TrainerEvent, { type: 'ready' }>): OfferedEngine {
  try {
    return checkedValue(
      { ...engine, precisions: precisions ?? [] },
      probedEngine,
      'what the trainer says of its engine',
    );
  } catch (cause) {
    throw new EngineMissingError(`no engine: ${(cause as Error).message}`, { cause });
  }
}
