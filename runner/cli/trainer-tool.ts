import { execa } from 'execa';
import type { EngineName } from '../../trainer/contract/events.js';
import { sharedTrainer } from '../trainer-client/trainer-command.js';
import type { CommandContext } from './context.js';

interface ToolOptions {
  engine?: EngineName | undefined;
  /** Gives its stdout to the caller instead of the terminal. */
  capture?: boolean;
}

/** Runs a tool of the trainer in this terminal, passes its exit code through, and returns what it wrote if that is captured. */
export async function runTrainerTool(
  args: readonly string[],
  { engine, capture = false }: ToolOptions,
  context: CommandContext,
): Promise<string> {
  const { command, environment } = sharedTrainer(
    { engine: engine ?? null, environment: context.environment },
    args,
  );
  const [program, ...flags] = command as [string, ...string[]];
  const { exitCode, stdout } = await execa(program, flags, {
    stdin: 'inherit',
    stdout: capture ? 'pipe' : 'inherit',
    stderr: 'inherit',
    reject: false,
    env: environment,
  });
  context.exitWith(exitCode ?? 1);
  return stdout ?? '';
}
