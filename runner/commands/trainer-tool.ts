import type { CommandContext } from './context.js';

/** Runs a tool of the trainer in this terminal and passes its exit code through. */
export async function runTrainerTool(
  args: readonly string[],
  engine: string | undefined,
  context: CommandContext,
): Promise<void> {
  const [{ execa }, { builtInTrainer }] = await Promise.all([
    import('execa'),
    import('../slots/local/trainer-command.js'),
  ]);
  const forced = engine === undefined ? {} : { GRID_ENGINE: engine };
  const { exitCode } = await execa(process.execPath, [builtInTrainer, ...args], {
    stdio: 'inherit',
    reject: false,
    env: { ...context.environment, ...forced },
  });
  context.exitWith(exitCode ?? 1);
}
