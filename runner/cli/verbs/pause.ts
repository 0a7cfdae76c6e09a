import type { CommandContext } from '../context.js';
import type { Options } from '../options.js';
import { steerGrid } from '../steer-grid.js';

export const pauseCells = (
  cells: string[],
  options: Options<'runningGrid' | 'json'>,
  context: CommandContext,
): Promise<void> => steerGrid({ verb: 'pause', cells, grid: options.grid }, options, context);
