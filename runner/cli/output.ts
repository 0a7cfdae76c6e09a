import { once } from 'node:events';
import type { CommandContext } from './context.js';

/** Columns of the terminal; undefined for pipes and files, where nothing is cut. */
export function widthOf({ stdout }: CommandContext): number | undefined {
  return stdout.isTTY ? stdout.columns : undefined;
}

export function printLine({ stdout }: CommandContext, line: string): void {
  stdout.write(`${line}\n`);
}

export function printJson({ stdout }: CommandContext, value: unknown): void {
  stdout.write(`${JSON.stringify(value)}\n`);
}

/** Writes any amount of text as fast as its reader takes it, and ends with its reader. */
export async function printChunks(context: CommandContext, chunks: Iterable<string>): Promise<void> {
  const { stdout } = context;
  context.endWithReader();
  for (const chunk of chunks) if (!stdout.write(chunk)) await once(stdout, 'drain');
}
