import { readLeaderboard } from '../../leaderboard/leaderboard.js';
import * as renderers from '../../leaderboard/render.js';
import { watchChanges } from '../../terminal/watch.js';
import type { CommandContext } from '../context.js';
import type { Options } from '../options.js';
import { widthOf } from '../output.js';
import { withReader } from '../with-store.js';

type Own = Options<'whichGrid' | 'groupBy' | 'topRows' | 'json' | 'csv' | 'markdown' | 'watch'>;

export async function showLeaderboard(options: Own, context: CommandContext): Promise<void> {
  if (options.watch) await watch(options, context);
  else context.stdout.write(await render(options, context));
}

async function render(options: Own, context: CommandContext): Promise<string> {
  const board = await withReader(options, store =>
    readLeaderboard(store, { grid: options.grid, groupBy: options.groupBy?.split(','), top: options.top }),
  );
  if (options.json) return renderers.renderJson(board);
  if (options.csv) return renderers.renderCsv(board);
  if (options.markdown) return renderers.renderMarkdown(board);
  return renderers.renderText(board, { width: widthOf(context) });
}

async function watch(options: Own, context: CommandContext): Promise<void> {
  context.endWithReader();
  await watchChanges(() => render(options, context), context.stdout);
}
