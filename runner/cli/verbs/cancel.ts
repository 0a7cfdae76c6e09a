import type { CommandContext } from '../context.js';
import type { Options } from '../options.js';
import { steerGrid } from '../steer-grid.js';

export const cancelCells = (
  cells: string[],
  options: Options<'json'>,
  context: CommandContext,
): Promise<void> => steerGrid({ verb: 'cancel', cells }, options, context);
