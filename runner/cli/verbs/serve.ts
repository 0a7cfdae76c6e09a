import type { CommandContext } from '../context.js';
import { describeNoResults } from '../no-results.js';
import type { Options } from '../options.js';
import { printLine } from '../output.js';
import { openPage } from '../page-server.js';
import { shareLines } from '../share-lines.js';
import { withReader } from '../with-store.js';

type Own = Options<'listen' | 'share' | 'hostName' | 'certificate' | 'key' | 'insecurePage'>;

export async function serve(grid: string | undefined, options: Own, context: CommandContext): Promise<void> {
  // A name that isn't there is told of now, not in the browser.
  if (grid !== undefined) await withReader(options, store => store.grid(grid));
  const nothing = describeNoResults(options.results);
  if (nothing !== null) context.stderr.write(`${nothing}\n`);
  const server = await openPage({ ...options, grid });
  try {
    const path = grid === undefined ? '/' : `/grids/${encodeURIComponent(grid)}`;
    printLine(context, `the page: ${server.tokenUrl.replace('/#', `${path}#`)}`);
    printLine(context, 'who has this address may steer; without #token=… it is for looking, on this machine');
    if (options.share) for (const line of shareLines(server)) printLine(context, line);
    await new Promise<void>(resolve => {
      context.onSignal(resolve);
    });
  } finally {
    await server.close();
  }
}
