import { readStatus } from '../../readings/status.js';
import type { StoreReader } from '../../store/run-store.js';
import { statusLines } from '../../terminal/status.js';
import type { CommandContext } from '../context.js';
import { describeNoResults } from '../no-results.js';
import type { Options } from '../options.js';
import { widthOf } from '../output.js';
import { watchStore } from '../watch-store.js';
import { withReader } from '../with-store.js';

type Own = Options<'anyGrid' | 'json' | 'watch'>;

/** Columns of a watched status that goes into a pipe or a file. */
const pipedWidth = 120;

export async function showStatus(options: Own, context: CommandContext): Promise<void> {
  const nothing = describeNoResults(options.results);
  if (options.json && nothing !== null) context.stderr.write(`${nothing}\n`);
  const show = (store: StoreReader) => render(store, options, context);
  if (options.watch) await watchStore(options, show, context);
  else context.stdout.write(await withReader(options, show));
}

function render(store: StoreReader, options: Own, context: CommandContext): string {
  const statuses = readStatus(store, options.grid);
  if (options.json) return `${JSON.stringify({ grids: statuses })}\n`;
  const nothing = describeNoResults(options.results);
  if (nothing !== null) return `${nothing}\n`;
  const liveWidth = options.watch ? (widthOf(context) ?? pipedWidth) : undefined;
  return statusLines(statuses, liveWidth)
    .map(line => `${line}\n`)
    .join('');
}
