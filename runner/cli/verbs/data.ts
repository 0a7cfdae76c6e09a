import { mkdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { DataGuess, DataReport, DescribeRequest } from '../../../trainer/contract/data-report.js';
import type { Cell } from '../../domain/cell.js';
import { plain } from '../../text/names.js';
import { type AddCommand, type CommandContext, type GlobalOptions, optionsOf } from '../context.js';
import { printJson, printLine } from '../output.js';
import { positiveInteger } from '../parse-option.js';

interface DataOptions extends GlobalOptions {
  cell?: string;
  out?: string;
  augmented?: boolean;
  samples: number;
  json?: boolean;
}

export const addData: AddCommand = (program, context) => {
  program
    .command('data <source>')
    .summary('show what a data set holds')
    .description(
      'Looks at all images of a data set, that of a grid file or a folder: samples, images per class, mean and standard deviation per channel, sizes, duplicates, and leaks between training and validation. Writes PNG and SVG files and a page with all of it, prints a summary.',
    )
    .option('--augmented', 'show batches after each augmentation of the grid')
    .option('--cell <cell>', 'the cell whose data is meant: the beginning of its id, or labels')
    .option('--out <dir>', 'folder for the report; default: in the results')
    .option('--samples <n>', 'images of each class', positiveInteger('--samples'), 8)
    .option('--json', 'the facts as JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  grid data grids/resnet-sweep.yaml --augmented\n  grid data ../data/tiny-imagenet-40 --out report\n  grid data grids/quickstart.yaml --json',
    )
    .action(async (source: string, _, command) =>
      reportData(source, optionsOf<DataOptions>(command), context),
    );
};

async function reportData(source: string, options: DataOptions, context: CommandContext): Promise<void> {
  const [{ askTrainer }, { ResultsPaths }, { chooseCell }, { writeDataReport }, { summaryLines }] =
    await Promise.all([
      import('../../trainer-client/ask-trainer.js'),
      import('../../store/run-paths.js'),
      import('../choose-cells.js'),
      import('../../report/data/write-data-report.js'),
      import('../../report/data/summary.js'),
    ]);
  const { cells, guess } = await cellsOf(source, options, context);
  const { data } = chooseCell(cells, options.cell).spec;
  const paths = new ResultsPaths(options.results);
  const outDir =
    options.out === undefined ? join(paths.reports, `data-${fileName(data.name)}`) : resolve(options.out);
  mkdirSync(outDir, { recursive: true });
  const request: DescribeRequest = {
    data,
    augmentations: options.augmented ? augmentationsOf(cells) : [],
    samplesPerClass: options.samples,
    cacheDir: paths.cache,
    outDir,
  };
  const report = await askTrainer<DataReport>(
    {
      mode: ['describe'],
      request,
      failure: "the data can't be looked at",
    },
    { engine: null, environment: context.environment },
  );
  const page = writeDataReport(outDir, data.name, report);
  if (options.json) printJson(context, { name: data.name, page, ...(guess && { guess }), ...report });
  else
    for (const line of [...guessLines(guess), ...summaryLines(data.name, report, page)])
      printLine(context, line);
  if (report.content === null) context.exitWith(2);
}

type Guess = Exclude<DataGuess, { refusal: string }>;

/** Of a grid file, or of a grid made up around a folder and what it seems to hold. */
async function cellsOf(
  source: string,
  options: DataOptions,
  { environment }: CommandContext,
): Promise<{ cells: Cell[]; guess?: Guess }> {
  const { cellsOfGrid } = await import('../choose-cells.js');
  if (!statSync(source, { throwIfNoEntry: false })?.isDirectory())
    return { cells: await cellsOfGrid(source, options) };
  const [{ askTrainer }, { parseGrid }, { expandGrid }, { UsageError }] = await Promise.all([
    import('../../trainer-client/ask-trainer.js'),
    import('../../grid/load.js'),
    import('../../grid/expand.js'),
    import('../../domain/error.js'),
  ]);
  const failure = "the folder can't be looked at";
  const guess = await askTrainer<DataGuess>(
    { mode: ['guess'], request: source, failure },
    { engine: null, environment },
  );
  if ('refusal' in guess) throw new UsageError(guess.refusal);
  const grid = { name: 'data', data: guess.data, model: 'resnet20', optimizer: 'sgd' };
  return { cells: expandGrid(parseGrid(source, JSON.stringify(grid))), guess };
}

/** What was guessed, why, and how a grid file says it. */
function guessLines(guess: Guess | undefined): string[] {
  if (!guess) return [];
  const { name: _, root: __, ...data } = guess.data;
  return [
    ...guess.evidence.map(why => `guessed: ${plain(why)}`),
    `guessed: data: ${plain(JSON.stringify(data))}`,
  ];
}

function augmentationsOf(cells: readonly Cell[]): DescribeRequest['augmentations'] {
  const distinct = new Map<string, DescribeRequest['augmentations'][number]>();
  for (const { labels, spec } of cells) {
    const { augmentation, seed } = spec;
    const own = Object.entries(labels).filter(([path]) => path.startsWith('augmentation'));
    const label = own.map(([, value]) => value).join(' · ') || 'all cells';
    const key = JSON.stringify(augmentation);
    if (!distinct.has(key)) distinct.set(key, { label, augmentation, seed });
  }
  return [...distinct.values()];
}

const fileName = (name: string) => name.replace(/[^\p{L}\p{N}._-]+/gu, '-');
