import { resolve } from 'node:path';
import { UsageError } from '../../domain/error.js';
import { cellsAt, chooseCell } from '../../planning/choose-cell.js';
import * as views from '../../report/range-test/report.js';
import { ResultsPaths } from '../../store/run-paths.js';
import { cellName } from '../../text/names.js';
import { testRange } from '../../trainer-client/reports.js';
import { askedPlace } from '../asked-place.js';
import type { CommandContext } from '../context.js';
import type { Options } from '../options.js';
import { printJson, printLine } from '../output.js';

type Own = Options<
  | 'cell'
  | 'rateSteps'
  | 'lowestRate'
  | 'highestRate'
  | 'threads'
  | 'chartFile'
  | 'askedSlots'
  | 'askedEntry'
  | 'json'
>;

export async function findRate(file: string, options: Own, context: CommandContext): Promise<void> {
  const { steps, min: lowest, max: highest, threads = 'slot' } = options;
  if (steps < 10) throw new UsageError(`--steps must be ≥ 10, got ${steps}`);
  if (lowest >= highest) throw new UsageError(`--min must be below --max, got ${lowest} and ${highest}`);
  const paths = new ResultsPaths(options.results);
  const place = await askedPlace(options, context);
  const { cellId, labels, spec } = chooseCell(await cellsAt(file, place, paths), options.cell);
  const name = cellName(cellId, labels);
  if (!options.json) printLine(context, name);
  const request = { spec, cacheDir: paths.cache, steps, lowest, highest };
  const test = await testRange(request, threads, place.ask);
  const svg = options.out === undefined ? paths.rangeChart(cellId) : resolve(options.out);
  views.writeRangeChart(svg, test, `Learning rates: ${name}`);
  if (options.json) {
    printJson(context, { cell: cellId, labels, svg, ...test });
    return;
  }
  for (const line of views.rangeLines(test, context.stdout.columns ?? 80)) printLine(context, line);
  printLine(context, `→ ${svg}`);
}
