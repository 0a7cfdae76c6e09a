#!/usr/bin/env node
/** The trainer's program; see contract/README.md for what it reads and writes. */
import { availableParallelism } from 'node:os';
import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { loadEngine } from './backend/load-engine.js';
import { runDoctor } from './backend/setup/doctor.js';
import { runSetup } from './backend/setup/setup.js';
import type { EngineName } from './contract/events.js';
import { trainerExitCodes } from './contract/exit-codes.js';
import type { DataSpec } from './contract/run-spec.js';
import { trainerVersion } from './contract/version.js';
import { inspect } from './data/inspect.js';
import { cachedDatasets } from './training/dataset-cache.js';
import { openRunData } from './training/open-run-data.js';
import { claimStdout } from './training/protocol-output.js';
import { serve } from './training/serve.js';

const usage = `usage: main.js [serve] [--engine tensorflow|wasm|cpu] [--threads N]
       main.js inspect    DataSpec as JSON on stdin → DataInspection as JSON
       main.js doctor     which engines this machine has
       main.js setup      gets the native engine`;

const engineNames: readonly EngineName[] = ['tensorflow', 'wasm', 'cpu'];

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { engine: { type: 'string' }, threads: { type: 'string' } },
  });
  const [mode = 'serve'] = positionals;
  switch (mode) {
    case 'serve':
      return serveRunner(engineOf(values.engine), threadsOf(values.threads));
    case 'inspect':
      return print(await inspect(JSON.parse(await text(process.stdin)) as DataSpec));
    case 'doctor':
      return print(await runDoctor());
    case 'setup':
      return print(await runSetup());
    default:
      throw new Error(`unknown mode ${mode}\n${usage}`);
  }
}

async function serveRunner(wanted: EngineName | undefined, threads: number): Promise<void> {
  const emit = claimStdout();
  // Ctrl-C reaches the whole process group, but it's the runner that decides what becomes of the running epoch.
  if (!process.stdin.isTTY) for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => {});
  const engine = await loadEngine(wanted, { threads });
  emit({ type: 'ready', pid: process.pid, engine: engine.info, trainerVersion });
  await serve({
    input: process.stdin,
    engine,
    openData: cachedDatasets(openRunData),
    emit,
    onEnd: () => process.exit(trainerExitCodes.ok),
    onRunEnd(failure) {
      // A WebAssembly heap never shrinks, and an aborted one can't be used again.
      if (failure === 'outOfMemory' && engine.info.name !== 'tensorflow')
        process.exit(trainerExitCodes.outOfMemory);
    },
  });
  process.exit(trainerExitCodes.ok);
}

function engineOf(name: string | undefined): EngineName | undefined {
  if (name === undefined || (engineNames as readonly string[]).includes(name))
    return name as EngineName | undefined;
  throw new Error(`--engine: expected one of ${engineNames.join(', ')}, got ${name}`);
}

function threadsOf(count: string | undefined): number {
  const threads = count === undefined ? availableParallelism() : Number(count);
  if (Number.isInteger(threads) && threads > 0) return threads;
  throw new Error(`--threads: expected a positive integer, got ${count}`);
}

const print = (value: unknown): void => {
  process.stdout.write(`${JSON.stringify(value)}\n`);
};

main().catch((error: unknown) => {
  process.stderr.write(`trainer: ${error instanceof Error ? error.message : error}\n`);
  process.exitCode = trainerExitCodes.badConfiguration;
});
