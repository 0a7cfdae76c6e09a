import { readEffects } from '../../conclusions/effects/effects.js';
import { effectsLines } from '../../terminal/effects-lines.js';
import type { CommandContext } from '../context.js';
import type { Options } from '../options.js';
import { printJson, printLine, widthOf } from '../output.js';
import { withReader } from '../with-store.js';

export async function showEffects(
  grid: string | undefined,
  options: Options<'axis' | 'atEpoch' | 'json'>,
  context: CommandContext,
): Promise<void> {
  await withReader(options, store => {
    const page = readEffects(store, { grid, axis: options.axis, epoch: options.epoch });
    if (options.json) printJson(context, page);
    else for (const line of effectsLines(page, widthOf(context))) printLine(context, line);
  });
}
