import type { CommandContext } from '../context.js';
import type { Options } from '../options.js';
import { steerGrid } from '../steer-grid.js';

export const drainSlot = (
  slotId: string | undefined,
  options: Options<'runningGrid' | 'json'>,
  context: CommandContext,
): Promise<void> => steerGrid({ verb: 'drain', cells: [], slotId, grid: options.grid }, options, context);
