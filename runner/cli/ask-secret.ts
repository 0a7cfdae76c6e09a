import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import type { CommandContext } from './context.js';

/** One line that is typed or pasted, and shown nowhere. Undefined: there is nobody who could. */
export async function askSecret(question: string, { stdout }: CommandContext): Promise<string | undefined> {
  if (!process.stdin.isTTY || !stdout.isTTY) return undefined;
  stdout.write(question);
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: process.stdin, output: silent, terminal: true });
  // In this mode Ctrl-C is a key.
  lines.on('SIGINT', () => process.kill(process.pid, 'SIGINT'));
  try {
    const [line] = (await Promise.race([once(lines, 'line'), once(lines, 'close')])) as [string?];
    return line?.trim() || undefined;
  } finally {
    lines.close();
    stdout.write('\n');
  }
}
