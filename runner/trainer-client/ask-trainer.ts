import { execa } from 'execa';
import { trainerExitCodes } from '../../trainer/contract/exit-codes.js';
import { GridfarmError } from '../domain/error.js';
import { builtInTrainer } from './trainer-command.js';

/** A mode of the shared trainer that answers one question and ends. */
export interface TrainerQuestion {
  /** With its flags. */
  mode: readonly string[];
  /** Goes to its stdin as JSON. */
  request: unknown;
  environment: NodeJS.ProcessEnv;
  /** What can't be done if it fails: `the data can't be inspected`. */
  failure: string;
}

/** The answer that the trainer prints as JSON, in a process of its own. @throws GridfarmError: `usage` where the trainer says no, else `trainer` */
export async function askTrainer<Answer>(question: TrainerQuestion): Promise<Answer> {
  const { mode, request, environment, failure } = question;
  const { stdout, failed, stderr, exitCode, signal } = await execa(
    process.execPath,
    [builtInTrainer, ...mode],
    {
      input: JSON.stringify(request),
      env: environment,
      reject: false,
      maxBuffer: 256 * 1024 * 1024,
    },
  );
  if (failed) {
    const ending = signal ?? `exit code ${exitCode}`;
    throw new GridfarmError(
      exitCode === trainerExitCodes.badConfiguration ? 'usage' : 'trainer',
      `${failure}: the trainer ended with ${ending}: ${lastWords(stderr)}`,
    );
  }
  try {
    return JSON.parse(stdout);
  } catch (cause) {
    throw new GridfarmError('trainer', `${failure}: the trainer answered ${stdout.slice(0, 200)}`, { cause });
  }
}

/** What it said at the end, without what engines say when they are loaded. */
export function lastWords(stderr: string): string {
  const said = stderr.trim();
  const own = said.lastIndexOf('trainer: ');
  return own < 0 ? said.slice(-2000) : said.slice(own + 'trainer: '.length);
}

/** Flags of the modes that train. */
export const engineFlags = ({ engine, threads }: { engine?: string; threads: number }): string[] => [
  ...(engine === undefined ? [] : ['--engine', engine]),
  '--threads',
  `${threads}`,
];
