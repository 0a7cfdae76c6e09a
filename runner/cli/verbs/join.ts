import { resolve } from 'node:path';
import { slotEntries } from '../../slots/slots-file.js';
import type { CommandContext } from '../context.js';
import type { Options } from '../options.js';
import { steerGrid } from '../steer-grid.js';

export async function joinGrid(
  file: string | undefined,
  options: Options<'runningGrid' | 'json'>,
  context: CommandContext,
): Promise<void> {
  // What is wrong with the file is said here, at once.
  await slotEntries(file);
  // The runner may be at work in another folder.
  const path = file === undefined ? undefined : resolve(file);
  await steerGrid({ verb: 'join', cells: [], file: path, grid: options.grid }, options, context);
}
