import { execa } from 'execa';
import type { DataInspection } from '../../../trainer/contract/events.js';
import type { DataSpec } from '../../../trainer/contract/run-spec.js';
import type { SlotContext } from '../backend.js';
import { builtInTrainer } from './trainer-command.js';

/** Asks the trainer what the data holds; its warnings go to this process's stderr. */
export async function inspectData(data: DataSpec, context: SlotContext): Promise<DataInspection> {
  const { stdout, failed, stderr, exitCode, signal } = await execa(
    process.execPath,
    [builtInTrainer, 'inspect'],
    {
      input: JSON.stringify(data),
      env: context.environment,
      reject: false,
      maxBuffer: 64 * 1024 * 1024,
    },
  );
  if (failed)
    throw new Error(
      `the data can't be inspected: the trainer ended with ${signal ?? `exit code ${exitCode}`}: ${stderr.trim().slice(-2000)}`,
    );
  try {
    return JSON.parse(stdout);
  } catch (cause) {
    throw new Error(`the data can't be inspected: the trainer answered ${stdout.slice(0, 200)}`, { cause });
  }
}
