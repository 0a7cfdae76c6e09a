import { mkdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { dataGuess, dataReport } from '../../../trainer/contract/answer-schemas.js';
import type { DataGuess, DataReport, DescribeRequest } from '../../../trainer/contract/data-report.js';
import type { Cell } from '../../domain/cell.js';
import { UsageError } from '../../domain/error.js';
import { expandGrid } from '../../grid/expand.js';
import { parseGrid } from '../../grid/load.js';
import { summaryLines } from '../../report/data/summary.js';
import { writeDataReport } from '../../report/data/write-data-report.js';
import { ResultsPaths } from '../../store/run-paths.js';
import { plain } from '../../text/names.js';
import { askTrainer } from '../../trainer-client/ask-trainer.js';
import { cellsOfGrid, chooseCell } from '../choose-cells.js';
import type { CommandContext } from '../context.js';
import type { Options } from '../options.js';
import { printJson, printLine } from '../output.js';

type Own = Options<'augmented' | 'cell' | 'reportFolder' | 'imagesPerClass' | 'json'>;

export async function reportData(source: string, options: Own, context: CommandContext): Promise<void> {
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
      answer: dataReport,
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
  options: Own,
  { environment }: CommandContext,
): Promise<{ cells: Cell[]; guess?: Guess }> {
  if (!statSync(source, { throwIfNoEntry: false })?.isDirectory())
    return { cells: await cellsOfGrid(source, options) };
  const failure = "the folder can't be looked at";
  const guess = await askTrainer<DataGuess>(
    { mode: ['guess'], request: source, answer: dataGuess, failure },
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
