import { UsageError } from '../../domain/error.js';
import { shellScripts } from '../complete/scripts.js';
import type { CommandContext } from '../context.js';
import type { Options } from '../options.js';

export function printCompletion(shell: string, _: Options, context: CommandContext): void {
  const script = Object.entries(shellScripts).find(([name]) => name === shell)?.[1];
  if (script === undefined)
    throw new UsageError(`grid complete ${shell}: expected one of ${Object.keys(shellScripts).join(', ')}`);
  context.stdout.write(script);
}
