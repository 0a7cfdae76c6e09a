import { execa } from 'execa';

/** What a cluster's program said. */
export interface Said {
  /** It ended with 0, in time. */
  isDone: boolean;
  /** It isn't installed where PATH leads. */
  isMissing: boolean;
  isLate: boolean;
  stdout: string;
  /** For the user where it isn't done: what it wrote to stderr, or how it ended, on one line. */
  words: string;
}

/** Longest that a program of a cluster is waited for. */
const patienceMs = 60_000;

/** Runs a cluster's program to its end. Never rejects. */
export async function call(
  program: string,
  args: readonly string[],
  options: { environment: NodeJS.ProcessEnv; input?: string; timeoutMs?: number },
): Promise<Said> {
  const { timeoutMs = patienceMs } = options;
  const result = await execa(program, args, {
    env: options.environment,
    extendEnv: false,
    reject: false,
    timeout: timeoutMs,
    forceKillAfterDelay: 2000,
    maxBuffer: 1 << 26,
    ...(options.input === undefined ? { stdin: 'ignore' } : { input: options.input }),
  });
  const told = oneLine(result.stderr) || oneLine(result.stdout);
  const words = result.timedOut
    ? `${program} didn't answer within ${timeoutMs / 1000} s`
    : result.code === 'ENOENT'
      ? `there is no program ${program} here`
      : told || (result.shortMessage ?? '');
  return {
    isDone: !result.failed,
    isMissing: result.code === 'ENOENT',
    isLate: result.timedOut,
    stdout: result.stdout,
    words,
  };
}

/** The end of what a program wrote, on one line, without blanks that it was formatted with. */
export function oneLine(text: string, longest = 400): string {
  const line = text.trim().replaceAll(/\s*\n\s*/g, '; ');
  return line.length > longest ? `…${line.slice(-longest)}` : line;
}
