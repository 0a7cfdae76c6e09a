import { ExecaError, execa } from 'execa';

export interface CommandOptions {
  cwd?: string;
  env?: Record<string, string>;
  timeoutMs?: number;
}

/** How much of a failed command's output its error quotes. */
const quotedLines = 15;

/** Runs a program and returns what it wrote on stdout. An error quotes the end of all that it wrote. */
export async function runCommand(
  file: string,
  args: readonly string[],
  { timeoutMs, ...options }: CommandOptions = {},
): Promise<string> {
  try {
    const { stdout } = await execa(file, args, {
      ...options,
      all: true,
      stdin: 'ignore',
      ...(timeoutMs === undefined ? {} : { timeout: timeoutMs }),
    });
    return stdout;
  } catch (cause) {
    if (!(cause instanceof ExecaError)) throw cause;
    const output = String(cause.all ?? '')
      .trimEnd()
      .split('\n')
      .slice(-quotedLines)
      .join('\n');
    throw new Error(`${cause.shortMessage}${output && `\n${output}`}`, { cause });
  }
}

/** Whether the program is there and answers. */
export async function answers(file: string, args: readonly string[]): Promise<boolean> {
  try {
    await runCommand(file, args, { timeoutMs: 30_000 });
    return true;
  } catch {
    return false;
  }
}
