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
