import { readStatus } from '../../readings/status.js';
import { statusLines } from '../../terminal/status.js';
import { watchChanges } from '../../terminal/watch.js';
import type { CommandContext } from '../context.js';
import { describeNoResults } from '../no-results.js';
import type { Options } from '../options.js';
import { widthOf } from '../output.js';
import { withReader } from '../with-store.js';

type Own = Options<'anyGrid' | 'json' | 'watch'>;

/** Columns of a watched status that goes into a pipe or a file. */
const pipedWidth = 120;

export async function showStatus(options: Own, context: CommandContext): Promise<void> {
  if (!options.watch) {
    context.stdout.write(await render(options, context));
    return;
  }
  context.endWithReader();
  await watchChanges(() => render(options, context), context.stdout);
}

async function render(options: Own, context: CommandContext): Promise<string> {
  const nothing = describeNoResults(options.results);
  const statuses = await withReader(options, store => readStatus(store, options.grid));
  if (options.json) {
    if (nothing !== null) context.stderr.write(`${nothing}\n`);
    return `${JSON.stringify({ grids: statuses })}\n`;
  }
  if (nothing !== null) return `${nothing}\n`;
  const liveWidth = options.watch ? (widthOf(context) ?? pipedWidth) : undefined;
  return statusLines(statuses, liveWidth)
    .map(line => `${line}\n`)
    .join('');
}
