import { ranksExplained } from '../../leaderboard/told-apart.js';
import { type AddCommand, type CommandContext, optionsOf } from '../context.js';
import { widthOf } from '../output.js';
import { positiveInteger } from '../parse-option.js';
import { withReader } from '../with-store.js';

interface LeaderboardOptions {
  grid?: string;
  groupBy?: string;
  top?: number;
  json?: boolean;
  csv?: boolean;
  markdown?: boolean;
  watch?: boolean;
}

export const addLeaderboard: AddCommand = (program, context) => {
  program
    .command('leaderboard')
    .summary('rank the results of a grid')
    .description(
      'Ranks the results of a grid. Cells that differ only in their seed are one row with mean ± standard deviation; each row says what it rests on.',
    )
    .option('--grid <name>', 'which grid; not needed if there is one')
    .option('--group-by <axes>', 'one row for each combination of these axes (comma-separated)')
    .option('--top <n>', 'the first n rows', positiveInteger('--top'))
    .option('--json', 'as JSON')
    .option('--csv', 'as CSV')
    .option('--markdown', 'as a Markdown table')
    .option('--watch', 'print it anew whenever it changes')
    .addHelpText(
      'after',
      `\n${ranksExplained}\n\nExamples:\n  grid leaderboard --top 10\n  grid leaderboard --grid resnet-sweep --group-by model,optimizer\n  grid leaderboard --markdown > leaderboard.md\n  grid leaderboard --watch`,
    )
    .action(async (_, command) => {
      const options = optionsOf<LeaderboardOptions>(command);
      if (options.watch) await watch(options, context);
      else context.stdout.write(await render(options, context));
    });
};

async function render(
  options: LeaderboardOptions & { results: string },
  context: CommandContext,
): Promise<string> {
  const [{ readLeaderboard }, renderers] = await Promise.all([
    import('../../leaderboard/leaderboard.js'),
    import('../../leaderboard/render.js'),
  ]);
  const board = await withReader(options, store =>
    readLeaderboard(store, { grid: options.grid, groupBy: options.groupBy?.split(','), top: options.top }),
  );
  if (options.json) return renderers.renderJson(board);
  if (options.csv) return renderers.renderCsv(board);
  if (options.markdown) return renderers.renderMarkdown(board);
  return renderers.renderText(board, { width: widthOf(context) });
}

async function watch(
  options: LeaderboardOptions & { results: string },
  context: CommandContext,
): Promise<void> {
  context.endWithReader();
  const { watchChanges } = await import('../../terminal/watch.js');
  await watchChanges(() => render(options, context), context.stdout);
}
