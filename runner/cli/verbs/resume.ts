import type { CommandContext } from '../context.js';
import type { Options } from '../options.js';
import { steerGrid } from '../steer-grid.js';

export const resumeCells = (
  cells: string[],
  options: Options<'runningGrid' | 'json'>,
  context: CommandContext,
): Promise<void> => steerGrid({ verb: 'resume', cells, grid: options.grid }, options, context);
