import { execa } from 'execa';
import { trainerExitCodes } from '../../trainer/contract/exit-codes.js';
import type { InferenceEvent } from '../../trainer/contract/inference.js';
import { answerEvents } from '../../trainer/contract/inference-schemas.js';
import type { Schema } from '../../trainer/contract/schema.js';
import { checkedJson, checkedValue } from '../../trainer/files/checked-json.js';
import { GridfarmError, UsageError } from '../domain/error.js';
import { readLines } from './event-lines.js';
import { sharedTrainer, type TrainerSettings } from './trainer-command.js';

/**
 * A mode of the shared trainer that answers one question and ends. Paths in it are those of the machine that is asked. All that
 * comes back is lines of JSON: events, if the mode has any, and the answer last.
 */
export interface TrainerQuestion {
  /** With its flags. */
  mode: readonly string[];
  /** Goes to its stdin as JSON. */
  request: unknown;
  /** The answer (answer-schemas.ts). */
  answer: Schema;
  /** What can't be done if it fails: `the data can't be inspected`. */
  failure: string;
  /**
   * For a mode that computes on an engine, the CPU threads that it gets there: as many as a slot has (`slot`), or as the engine
   * chooses (null).
   */
  threads?: number | 'slot' | null;
  /** Is told of what comes before the answer. */
  onEvent?(event: Exclude<InferenceEvent, { type: 'refused' }>): void;
}

/** Whom one-off questions are asked of: the trainer here, or where a slot is. */
export type Ask = <Answer>(question: TrainerQuestion) => Promise<Answer>;

/** An answer may list a hundred thousand ids. */
const longestAnswer = 1 << 28;

/** The answer of a trainer in a process of its own. @throws GridfarmError: `usage` where the trainer says no, else `trainer` */
export async function askTrainer<Answer>(
  question: TrainerQuestion,
  settings: TrainerSettings,
): Promise<Answer> {
  const { mode, request, failure } = question;
  const { command, environment } = sharedTrainer(settings, mode);
  const [program, ...flags] = command as [string, ...string[]];
  const trainer = execa(program, flags, {
    input: JSON.stringify(request),
    env: environment,
    reject: false,
    buffer: { stdout: false },
  });
  let answer: Answer | undefined;
  let problem: unknown;
  for await (const { text } of readLines(trainer.stdout, longestAnswer)) {
    try {
      answer = read(text, question) as Answer | undefined;
    } catch (error) {
      problem ??= error;
    }
  }
  const { failed, stderr, exitCode, signal } = await trainer;
  if (problem instanceof UsageError) throw problem;
  if (failed) {
    const ending = signal ?? `exit code ${exitCode}`;
    throw new GridfarmError(
      exitCode === trainerExitCodes.badConfiguration ? 'usage' : 'trainer',
      `${failure}: the trainer ended with ${ending}: ${lastWords(stderr)}`,
    );
  }
  if (problem !== undefined || answer === undefined) {
    const words = problem === undefined ? `${whose}: there is none` : (problem as Error).message;
    throw new GridfarmError('trainer', `${failure}: ${words}`, { cause: problem });
  }
  return answer;
}

/** A line: the answer, or undefined for an event. @throws UsageError where the question is refused, UnexpectedJsonError for what is neither */
function read(text: string, { answer, onEvent }: TrainerQuestion): unknown {
  const line = checkedJson<{ type?: string } | null>(text, {}, whose);
  const type = line?.type ?? '';
  if (!Object.hasOwn(answerEvents, type)) return checkedValue(line, answer, whose);
  const event = checkedValue<InferenceEvent>(line, answerEvents[type as InferenceEvent['type']], whose);
  if (event.type === 'refused') throw new UsageError(event.message);
  onEvent?.(event);
  return undefined;
}
const whose = "the trainer's answer";

/** What it said at the end, without what engines say when they are loaded. */
export function lastWords(stderr: string): string {
  const said = stderr.trim();
  const own = said.lastIndexOf('trainer: ');
  return own < 0 ? said.slice(-2000) : said.slice(own + 'trainer: '.length);
}
