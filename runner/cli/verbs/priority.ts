import { UsageError } from '../../domain/error.js';
import type { CommandContext } from '../context.js';
import type { Options } from '../options.js';
import { steerGrid } from '../steer-grid.js';

export async function setPriority(
  cell: string,
  text: string,
  options: Options<'json'>,
  context: CommandContext,
): Promise<void> {
  const value = Number(text);
  if (text.trim() === '' || !Number.isSafeInteger(value))
    throw new UsageError(`the priority must be a whole number, got ${JSON.stringify(text)}`);
  await steerGrid({ verb: 'priority', cells: [cell], value }, options, context);
}
