#!/usr/bin/env node
import type { CommandContext } from './commands/context.js';
import { runProgram } from './commands/program.js';
import { wishes } from './commands/wishes.js';

const showCursor = '\u001b[?25h';
const listeners: (() => void)[] = [];
let brokenPipeEnds = true;
let isListening = false;

const context: CommandContext = {
  stdout: process.stdout,
  stderr: process.stderr,
  environment: process.env,
  exitWith(code) {
    process.exitCode = code;
  },
  surviveBrokenPipe() {
    brokenPipeEnds = false;
  },
  onSignal(listener) {
    listen();
    listeners.push(listener);
    return () => {
      listeners.splice(listeners.indexOf(listener), 1);
    };
  },
  quit(code) {
    if (process.stdout.isTTY) process.stdout.write(showCursor);
    process.exit(code);
  },
};

/** From the first listener on, for good: a late echo of a wish that was fulfilled must not end what follows. */
function listen() {
  if (isListening) return;
  isListening = true;
  const onSignal = wishes(() => listeners.at(-1)?.());
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal);
}

for (const stream of [process.stdout, process.stderr])
  stream.on('error', (error: NodeJS.ErrnoException) => {
    // The reader has what it wanted (`| head`), or the terminal is gone.
    if (error.code !== 'EPIPE' && error.code !== 'EIO') throw error;
    if (brokenPipeEnds) process.exit();
  });

process.exitCode = 0;
await runProgram(process.argv.slice(2), context);
