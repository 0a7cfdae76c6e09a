/** Asks what a run is to try, where nobody has said so. The run doesn't wait for it. */
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import type { QueuedCell } from '../domain/plan.js';
import type { StoreReader } from '../store/run-store.js';

export interface Question {
  /** What stands on the terminal now; empty: nothing is asked any more. */
  prompt(): string;
  close(): void;
}

/** The cells that a run begins, where neither the grid nor anybody has said what they are to try; else none. */
export function withoutComment(
  { name, description, note }: { name: string; description: string; note: string },
  queue: readonly QueuedCell[],
  store: StoreReader,
): string[] {
  if (description.trim() !== '' || note !== '') return [];
  const cells = queue.filter(({ isPaused }) => !isPaused).map(({ cell }) => cell.cellId);
  const noted = store.latestNotes(name);
  return cells.every(cellId => noted.has(cellId)) ? [] : cells;
}

/**
 * Asks who sits at the terminal; undefined where nobody does. What is typed is shown by `prompt` alone, and Ctrl-C and Ctrl-Z do what they
 * do elsewhere.
 */
export function askComment(answer: (text: string) => void): Question | undefined {
  if (!process.stdin.isTTY || !isInForeground()) return undefined;
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: process.stdin, output: silent, terminal: true, historySize: 0 });
  let state: 'asks' | 'noted' | 'over' = 'asks';
  const close = () => {
    lines.close();
    // A terminal that is listened to would keep the program.
    process.stdin.pause();
    process.stdin.unref();
  };
  lines.on('line', text => {
    if (text.trim() !== '') answer(text.trim());
    state = text.trim() === '' ? 'over' : 'noted';
    close();
  });
  lines.on('close', () => {
    if (state === 'asks') state = 'over';
  });
  // In this mode both are keys.
  lines.on('SIGINT', () => process.kill(process.pid, 'SIGINT'));
  lines.on('SIGTSTP', () => {
    // In the background the terminal is another's.
    close();
    process.kill(process.pid, 'SIGTSTP');
  });
  return {
    prompt: () => {
      if (state === 'asks') return `what do you expect of this run? ${lines.line}▏`;
      return state === 'noted' ? 'your expectation is kept with the cells of this run' : '';
    },
    close,
  };
}

/** A program in the background that reads from the terminal is stopped by it. Where that can't be known, nothing is asked. */
function isInForeground(): boolean {
  try {
    // Fields after the name, which is in parentheses: state, parent, group, session, terminal, group in its foreground (proc(5)).
    const [, , group, , , foreground] = readFileSync('/proc/self/stat', 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    return group === foreground;
  } catch {
    return false;
  }
}
