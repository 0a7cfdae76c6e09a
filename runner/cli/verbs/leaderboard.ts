import { confirmedWords, readConfirmed } from '../../conclusions/confirmation.js';
import { readLeaderboard } from '../../leaderboard/leaderboard.js';
import * as renderers from '../../leaderboard/render.js';
import type { StoreReader } from '../../store/run-store.js';
import type { CommandContext } from '../context.js';
import type { Options } from '../options.js';
import { widthOf } from '../output.js';
import { watchStore } from '../watch-store.js';
import { withReader } from '../with-store.js';

type Own = Options<'whichGrid' | 'groupBy' | 'topRows' | 'json' | 'csv' | 'markdown' | 'watch'>;

export async function showLeaderboard(options: Own, context: CommandContext): Promise<void> {
  const show = (store: StoreReader) => render(store, options, context);
  if (options.watch) await watchStore(options, show, context);
  else context.stdout.write(await withReader(options, show));
}

function render(store: StoreReader, options: Own, context: CommandContext): string {
  const board = readLeaderboard(store, {
    grid: options.grid,
    groupBy: options.groupBy?.split(','),
    top: options.top,
  });
  if (options.json) return renderers.renderJson(board);
  if (options.csv) return renderers.renderCsv(board);
  if (options.markdown) return renderers.renderMarkdown(board);
  return renderers.renderText(board, { width: widthOf(context) }) + confirmedLines(store, board.grid);
}

/** Below the ranks, never in them: the seeds that chose a row have no part in these. */
function confirmedLines(store: StoreReader, grid: string): string {
  const confirmed = readConfirmed(store, grid);
  if (confirmed.length === 0) return '';
  return `\nconfirmed by fresh seeds alone:\n${confirmed.map(each => `  ${confirmedWords(each)}\n`).join('')}`;
}
