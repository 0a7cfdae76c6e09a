import { statSync } from 'node:fs';
import { UsageError } from '../../domain/error.js';
import { type AskedCell, cellsAt, chooseCell, storedCellAt } from '../../planning/choose-cell.js';
import { profileLines } from '../../report/profile/lines.js';
import { ResultsPaths } from '../../store/run-paths.js';
import { cellName } from '../../text/names.js';
import { profile as askForProfile } from '../../trainer-client/reports.js';
import { askedPlace } from '../asked-place.js';
import type { CommandContext } from '../context.js';
import type { Options } from '../options.js';
import { printJson, printLine, widthOf } from '../output.js';
import { withReader } from '../with-store.js';

type Own = Options<'cell' | 'profiledSteps' | 'threads' | 'askedSlots' | 'askedEntry' | 'json'>;

export async function profileCell(target: string, options: Own, context: CommandContext): Promise<void> {
  const { steps, threads = 'slot' } = options;
  const paths = new ResultsPaths(options.results);
  const place = await askedPlace(options, context);
  const { cellId, labels, spec }: AskedCell = isFile(target)
    ? chooseCell(await cellsAt(target, place, paths), options.cell)
    : await withReader(options, store => storedCellAt(target, store, place));
  if (spec.trainer !== null) throw new UsageError('a cell of an external trainer can’t be profiled');
  const profile = await askForProfile({ spec, cacheDir: paths.cache, steps }, threads, place.ask);
  if (options.json) printJson(context, { cell: cellId, labels, ...profile });
  else
    for (const line of [cellName(cellId, labels), ...profileLines(profile, widthOf(context))])
      printLine(context, line);
}

const isFile = (target: string) =>
  statSync(target, { throwIfNoEntry: false })?.isFile() || /\.ya?ml$/.test(target);
