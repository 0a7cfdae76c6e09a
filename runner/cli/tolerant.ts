import type { CommandContext } from './context.js';

/** What a file holds; null, and said, where it is damaged: it hides no more than its own figures. */
export function tolerant<T>(read: () => T | null, { stderr }: Pick<CommandContext, 'stderr'>): T | null {
  try {
    return read();
  } catch (error) {
    stderr.write(`${(error as Error).message}\n`);
    return null;
  }
}
