import { execa } from 'execa';
import { trainerExitCodes } from '../../trainer/contract/exit-codes.js';
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

/** The trainer said no, or ended in another way. */
class TrainerQuestionError extends Error {
  override readonly name = 'TrainerQuestionError';
  /** 2 if it is the user's to mend, else 1. */
  readonly exitCode: number;

  constructor(message: string, exitCode: number, options?: ErrorOptions) {
    super(message, options);
    this.exitCode = exitCode;
  }
}

/** The answer that the trainer prints as JSON, in a process of its own. @throws TrainerQuestionError */
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
    throw new TrainerQuestionError(
      `${failure}: the trainer ended with ${ending}: ${lastWords(stderr)}`,
      exitCode === trainerExitCodes.badConfiguration ? 2 : 1,
    );
  }
  try {
    return JSON.parse(stdout);
  } catch (cause) {
    throw new TrainerQuestionError(`${failure}: the trainer answered ${stdout.slice(0, 200)}`, 1, { cause });
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
