import { execa } from 'execa';
import { trainerExitCodes } from '../../trainer/contract/exit-codes.js';
import type { Schema } from '../../trainer/contract/schema.js';
import { checkedJson } from '../../trainer/files/checked-json.js';
import { GridfarmError } from '../domain/error.js';
import { sharedTrainer, type TrainerSettings } from './trainer-command.js';

/** A mode of the shared trainer that answers one question and ends. Paths in it are those of the machine that is asked. */
export interface TrainerQuestion {
  /** With its flags. */
  mode: readonly string[];
  /** Goes to its stdin as JSON. */
  request: unknown;
  /** What it prints (answer-schemas.ts). */
  answer: Schema;
  /** What can't be done if it fails: `the data can't be inspected`. */
  failure: string;
}

/** Whom one-off questions are asked of: the trainer here, or where a slot is. */
export type Ask = <Answer>(question: TrainerQuestion) => Promise<Answer>;

/** The answer that the trainer prints as JSON, in a process of its own. @throws GridfarmError: `usage` where the trainer says no, else `trainer` */
export async function askTrainer<Answer>(
  { mode, request, answer, failure }: TrainerQuestion,
  settings: TrainerSettings,
): Promise<Answer> {
  const { command, environment } = sharedTrainer(settings, mode);
  const [program, ...flags] = command as [string, ...string[]];
  const { stdout, failed, stderr, exitCode, signal } = await execa(program, flags, {
    input: JSON.stringify(request),
    env: environment,
    reject: false,
    maxBuffer: 256 * 1024 * 1024,
  });
  if (failed) {
    const ending = signal ?? `exit code ${exitCode}`;
    throw new GridfarmError(
      exitCode === trainerExitCodes.badConfiguration ? 'usage' : 'trainer',
      `${failure}: the trainer ended with ${ending}: ${lastWords(stderr)}`,
    );
  }
  try {
    return checkedJson(stdout, answer, "the trainer's answer");
  } catch (cause) {
    throw new GridfarmError('trainer', `${failure}: ${(cause as Error).message}`, { cause });
  }
}

/** What it said at the end, without what engines say when they are loaded. */
export function lastWords(stderr: string): string {
  const said = stderr.trim();
  const own = said.lastIndexOf('trainer: ');
  return own < 0 ? said.slice(-2000) : said.slice(own + 'trainer: '.length);
}
