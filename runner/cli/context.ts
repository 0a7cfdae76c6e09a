import type { Command } from 'commander';

/** What a command may touch of its process; `main.ts` gives the real thing. */
export interface CommandContext {
  stdout: NodeJS.WriteStream & { fd: number };
  stderr: NodeJS.WriteStream;
  environment: NodeJS.ProcessEnv;
  /** Sets the exit code; without it: 0. */
  exitWith(code: number): void;
  /** What follows is only printing: a reader that goes away (`| head`) ends it. Anything else goes on without its reader. */
  endWithReader(): void;
  /**
   * Calls back at Ctrl-C, SIGTERM and SIGHUP instead of ending, once a wish however often it arrives; returns what takes
   * that back. The last listener counts.
   */
  onSignal(listener: () => void): () => void;
  /** Ends the process at once, with the terminal in order. */
  quit(code: number): void;
}

/** Adds a verb to the program. Its module imports what it needs when it runs, so that `--help` is quick. */
export type AddCommand = (program: Command, context: CommandContext) => void;

/** Options that every command understands. */
export interface GlobalOptions {
  results: string;
  data?: string;
  engine?: string;
}

/** Its own options and the global ones. */
export const optionsOf = <T>(command: Command): T & GlobalOptions => command.optsWithGlobals();
