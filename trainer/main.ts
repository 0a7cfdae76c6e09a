#!/usr/bin/env node
/** The trainer's program; contract/README.md says what it reads and writes. */
import { parseArgs } from 'node:util';
import { trainerExitCodes } from './contract/exit-codes.js';
import { machineCondition } from './contract/machine-conditions.js';
import { EngineError } from './engine/engine-error.js';
import { guardOutputs } from './files/outputs.js';

const usage = `usage: main.js [serve] [--engine tensorflow|wasm|cpu] [--threads N]
       main.js infer [--engine …] [--threads N]   an InferenceRequest as JSON on stdin, InferenceEvents and the answer on stdout
       main.js inspect [--cache DIR]   a DataSpec as JSON on stdin, a DataInspection as JSON on stdout
       main.js guess                a folder as JSON on stdin, a DataGuess as JSON on stdout
       main.js entries              Components (models) as JSON on stdin, the ModelEntries of each as JSON on stdout
       main.js warm-starts          WarmStarts as JSON on stdin, the WarmStartReport of each as JSON on stdout
       main.js describe             a DescribeRequest as JSON on stdin, a DataReport as JSON on stdout, pictures in its folder
       main.js range-test [--engine …] [--threads N]   a RangeTestRequest on stdin, a RangeTest on stdout
       main.js profile [--engine …] [--threads N]      a ProfileRequest on stdin, a Profile on stdout
       main.js doctor [--json]      which engines this machine has
       main.js setup [--force] [--json]   gets the native engine
`;

/** Each mode loads what it needs alone: `inspect` must not wait for an engine. */
async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      engine: { type: 'string' },
      threads: { type: 'string' },
      json: { type: 'boolean', default: false },
      force: { type: 'boolean', default: false },
      cache: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  const [mode = 'serve'] = positionals;
  if (values.help) {
    process.stdout.write(usage);
    return;
  }
  switch (mode) {
    case 'serve': {
      const [{ serveRunner }, { openRunData }] = await Promise.all([
        import('./modes/serve.js'),
        import('./run/open-run-data.js'),
      ]);
      return serveRunner(values, openRunData);
    }
    case 'infer':
      return (await import('./modes/infer.js')).answerInference(values);
    case 'inspect':
      return (await import('./modes/inspect.js')).printInspection(values);
    case 'guess':
      return (await import('./modes/guess.js')).printGuess();
    case 'entries':
      return (await import('./modes/entries.js')).printEntries();
    case 'warm-starts':
      return (await import('./modes/warm-starts.js')).printWarmStarts();
    case 'describe':
      return (await import('./modes/describe.js')).printDescription();
    case 'range-test':
      return (await import('./modes/range-test.js')).printRangeTest(values);
    case 'profile':
      return (await import('./modes/profile.js')).printProfile(values);
    case 'doctor':
      return (await import('./modes/doctor.js')).printDoctor(values);
    case 'setup':
      return (await import('./modes/setup.js')).setUp(values);
    default:
      throw new Error(`unknown mode ${mode}\n${usage}`);
  }
}

guardOutputs((name, { kind, error }) => {
  if (name === 'stdout' && kind === 'failed')
    process.stderr.write(`trainer: stdout can't be written: ${error.message}\n`);
});
main().catch((error: unknown) => {
  process.stderr.write(`trainer: ${error instanceof Error ? error.message : error}\n`);
  const isOfMachine = error instanceof EngineError || machineCondition(error) !== undefined;
  process.exitCode = isOfMachine ? trainerExitCodes.environment : trainerExitCodes.badConfiguration;
});
