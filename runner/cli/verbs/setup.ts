import type { CommandContext } from '../context.js';
import type { Options } from '../options.js';
import { runTrainerTool } from '../trainer-tool.js';

export async function setUp(
  { force, json, engine }: Options<'force' | 'json'>,
  context: CommandContext,
): Promise<void> {
  const flags = [...(force ? ['--force'] : []), ...(json ? ['--json'] : [])];
  await runTrainerTool(['setup', ...flags], { engine }, context);
}
