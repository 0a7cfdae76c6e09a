import { join, resolve } from 'node:path';
import { rangeTest } from '../../../trainer/contract/answer-schemas.js';
import type { RangeTest, RangeTestRequest } from '../../../trainer/contract/range-test.js';
import { UsageError } from '../../domain/error.js';
import * as views from '../../report/range-test/report.js';
import { ResultsPaths } from '../../store/run-paths.js';
import { cellName } from '../../text/names.js';
import { askTrainer } from '../../trainer-client/ask-trainer.js';
import { cellsOfGrid, chooseCell } from '../choose-cells.js';
import type { CommandContext } from '../context.js';
import type { Options } from '../options.js';
import { printJson, printLine } from '../output.js';

type Own = Options<'cell' | 'rateSteps' | 'lowestRate' | 'highestRate' | 'threads' | 'chartFile' | 'json'>;

export async function findRate(file: string, options: Own, context: CommandContext): Promise<void> {
  const { steps, min, max } = options;
  if (steps < 10) throw new UsageError(`--steps must be ≥ 10, got ${steps}`);
  if (min >= max) throw new UsageError(`--min must be below --max, got ${min} and ${max}`);
  const cell = chooseCell(await cellsOfGrid(file, options), options.cell);
  const name = cellName(cell.cellId, cell.labels);
  const paths = new ResultsPaths(options.results);
  if (!options.json) printLine(context, name);
  const request: RangeTestRequest = {
    spec: cell.spec,
    cacheDir: paths.cache,
    steps,
    lowest: min,
    highest: max,
  };
  const test = await askTrainer<RangeTest>(
    {
      mode: ['range-test'],
      request,
      answer: rangeTest,
      failure: 'no learning rate can be found',
    },
    { engine: options.engine ?? null, threads: options.threads, environment: context.environment },
  );
  const svg =
    options.out === undefined ? join(paths.reports, `lr-find-${cell.cellId}.svg`) : resolve(options.out);
  views.writeRangeChart(svg, test, `Learning rates: ${name}`);
  if (options.json) {
    printJson(context, { cell: cell.cellId, labels: cell.labels, svg, ...test });
    return;
  }
  for (const line of views.rangeLines(test, context.stdout.columns ?? 80)) printLine(context, line);
  printLine(context, `→ ${svg}`);
}
