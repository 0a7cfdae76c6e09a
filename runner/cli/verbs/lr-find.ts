import { join, resolve } from 'node:path';
import type { RangeTest, RangeTestRequest } from '../../../trainer/contract/range-test.js';
import { UsageError } from '../../domain/error.js';
import { type AddCommand, type CommandContext, type GlobalOptions, optionsOf } from '../context.js';
import { printJson, printLine } from '../output.js';
import { positiveInteger, positiveNumber } from '../parse-option.js';

interface LrFindOptions extends GlobalOptions {
  cell?: string;
  steps: number;
  min: number;
  max: number;
  threads: number;
  out?: string;
  json?: boolean;
}

export const addLrFind: AddCommand = (program, context) => {
  program
    .command('lr-find <file>')
    .summary('try learning rates on a cell of a grid')
    .description(
      'Learning-rate range test (Smith 2015): trains a cell from scratch with a rate that grows from step to step until the loss diverges, and suggests rates: where the loss falls fastest, and a tenth of the one with the lowest loss. The cell’s own rate and schedule play no part, and its results are not touched.',
    )
    .option('--cell <cell>', 'beginning of its id, or labels separated by commas; default: the first cell')
    .option('--steps <n>', 'steps from the lowest to the highest rate', positiveInteger('--steps'), 100)
    .option('--min <rate>', 'lowest rate', positiveNumber('--min'), 1e-6)
    .option('--max <rate>', 'highest rate', positiveNumber('--max'), 10)
    .option('--threads <n>', 'CPU threads', positiveInteger('--threads'), 1)
    .option('--out <file>', 'SVG file of the curve; default: in the results')
    .option('--json', 'as JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  grid lr-find grids/quickstart.yaml\n  grid lr-find grids/resnet-sweep.yaml --cell resnet18,sgd,cosine,flip-crop\n  grid lr-find grids/resnet-sweep.yaml --steps 300 --max 1 --json',
    )
    .action(async (file: string, _, command) => findRate(file, optionsOf<LrFindOptions>(command), context));
};

async function findRate(file: string, options: LrFindOptions, context: CommandContext): Promise<void> {
  const { steps, min, max } = options;
  if (steps < 10) throw new UsageError(`--steps must be ≥ 10, got ${steps}`);
  if (min >= max) throw new UsageError(`--min must be below --max, got ${min} and ${max}`);
  const [{ cellsOfGrid, chooseCell }, { ResultsPaths }, { askTrainer }, { cellName }, views] =
    await Promise.all([
      import('../choose-cells.js'),
      import('../../store/run-paths.js'),
      import('../../trainer-client/ask-trainer.js'),
      import('../../text/names.js'),
      import('../../report/range-test/report.js'),
    ]);
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
