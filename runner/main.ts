#!/usr/bin/env node
import { guardOutputs } from '../trainer/files/outputs.js';
import type { CommandContext } from './cli/context.js';
import { runProgram } from './cli/program.js';
import { wishes } from './cli/wishes.js';

const showCursor = '\u001b[?25h';
const listeners: (() => void)[] = [];
let endsWithReader = false;
let isListening = false;

const context: CommandContext = {
  stdout: process.stdout,
  stderr: process.stderr,
  environment: process.env,
  exitWith(code) {
    process.exitCode = code;
  },
  endWithReader() {
    endsWithReader = true;
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

guardOutputs((name, { kind, error }) => {
  if (name === 'stderr') return;
  if (kind === 'failed') process.stderr.write(`stdout can't be written any more: ${error.message}\n`);
  else if (endsWithReader) process.exit();
});

process.exitCode = 0;
await runProgram(process.argv.slice(2), context);
