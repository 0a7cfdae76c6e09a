import { resolve } from 'node:path';
import type { PredictAnswer, TestTimeAugmentation } from '../../../trainer/contract/inference.js';
import { UsageError } from '../../domain/error.js';
import { type AddCommand, type CommandContext, type GlobalOptions, optionsOf } from '../context.js';
import {
  checkExtension,
  listSome,
  noViews,
  parseColumns,
  parseViews,
  progressLine,
} from '../inference-options.js';
import { printJson, printLine } from '../output.js';
import { positiveInteger } from '../parse-option.js';
import { type WeightsKind, weightsOption } from '../trained-models.js';
import { withReader } from '../with-store.js';

interface PredictOptions extends GlobalOptions {
  images: string;
  out: string;
  top?: number;
  grid?: string;
  weights?: WeightsKind;
  columns?: string[];
  sample?: string;
  tta?: TestTimeAugmentation;
  fitWeights?: boolean;
  probabilities?: string;
  batchSize: number;
  json?: boolean;
}

export const addPredict: AddCommand = (program, context) => {
  program
    .command('predict [cells...]')
    .summary('classify images with trained cells: a submission')
    .description(
      'Classifies the images of a folder or zip and writes a CSV. Several cells are an ensemble: the mean of their probabilities. An image that can’t be read is named, gets the row of the mean of all others, and makes the exit code 1.',
    )
    .requiredOption('--images <path>', 'folder or zip of images')
    .option('--out <file>', 'CSV that is written', 'submission.csv')
    .option('--top <n>', 'the n best cells of a grid, instead of naming cells', positiveInteger('--top'))
    .option('--grid <name>', 'which grid --top means; not needed if there is one')
    .addOption(weightsOption)
    .option(
      '--columns <id,class>',
      'names of the two columns; default: those of the training table. With --sample: which of its columns hold the id and the class; also the id’s alone, or ID,COLUMN=CLASS,… for probabilities',
      parseColumns,
    )
    .option(
      '--sample <file>',
      'sample submission: its columns, by their names and values, its ids, their order, the way it is written',
    )
    .option(
      '--tta <views>',
      'mean over views of each image: flip, shift=N (pixels, four diagonals), crops=N (of 7/8), with commas between',
      parseViews,
    )
    .option('--fit-weights', 'weigh the cells so that the ensemble’s validation loss is smallest')
    .option('--probabilities <file>', 'write all probabilities, too: .csv, .npy or .safetensors')
    .option('--batch-size <n>', 'images at once', positiveInteger('--batch-size'), 128)
    .option('--json', 'what was done, as JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  grid predict 3fa1 --images data/test.zip --sample data/sample_submission.csv\n  grid predict --top 5 --images data/test.zip --tta flip --fit-weights --out submission.csv\n  grid predict 3fa1 77c0 --images photos --columns Id,Category --probabilities probabilities.npy',
    )
    .action(async (cells: string[], _, command) =>
      predict(cells, optionsOf<PredictOptions>(command), context),
    );
};

async function predict(prefixes: string[], options: PredictOptions, context: CommandContext): Promise<void> {
  if ((prefixes.length === 0) === (options.top === undefined))
    throw new UsageError('predict needs cells, or --top N');
  if (options.probabilities !== undefined) checkExtension('--probabilities', options.probabilities);
  if (options.sample === undefined && (options.columns?.length ?? 2) !== 2)
    throw new UsageError('--columns must be two names with a comma between; more only with --sample');
  const [
    { runInference },
    { filledTemplate, submissionText },
    { bestCells, trainedModel },
    paths,
    { atomicWrite },
  ] = await Promise.all([
    import('../../trainer-client/run-inference.js'),
    import('../../export/submission.js'),
    import('../trained-models.js'),
    import('../../store/run-paths.js'),
    import('../../store/atomic-write.js'),
  ]);
  const warnOf = (words: string) => context.stderr.write(`warning: ${words}\n`);
  const models = await withReader(options, store => {
    const cells =
      options.top === undefined
        ? prefixes.map(prefix => store.findCell(prefix))
        : bestCells(store, options.grid, options.top, warnOf);
    return cells.map(cell => trainedModel(cell, options, warnOf));
  });
  const { answer, numbers } = await runInference(
    {
      type: 'predict',
      models,
      images: resolve(options.images),
      sample: options.sample === undefined ? null : resolve(options.sample),
      columns: options.sample === undefined ? null : (options.columns ?? null),
      augmentation: options.tta ?? noViews,
      fitWeights: options.fitWeights ?? false,
      batchSize: options.batchSize,
      cacheDir: new paths.ResultsPaths(options.results).cache,
    },
    { engine: options.engine ?? null, environment: context.environment },
    progressLine(context),
  );
  const { id, label } = models[0]!.spec.data.columns;
  const columns = options.columns ?? [id, label];
  const { template } = answer;
  const predictions = { ids: answer.ids, classes: answer.classes, probabilities: numbers };
  const text =
    template === null ? submissionText(predictions, columns) : filledTemplate(predictions, template);
  if (options.probabilities !== undefined)
    atomicWrite(
      resolve(options.probabilities),
      await probabilitiesFile(options.probabilities, predictions, template?.idColumn ?? columns[0]!),
    );
  atomicWrite(resolve(options.out), text);
  const cells = models.map(({ cellId }) => cellId);
  if (options.json) printJson(context, { cells, out: resolve(options.out), ...summaryOf(answer) });
  else for (const line of describe(answer, cells, options.out)) printLine(context, line);
  warn(answer, context);
}

async function probabilitiesFile(
  path: string,
  predictions: { ids: string[]; classes: string[]; probabilities: Float32Array },
  idColumn: string,
): Promise<string | Uint8Array> {
  const [{ arrayFile }, { probabilitiesText }] = await Promise.all([
    import('../../export/array-file.js'),
    import('../../export/submission.js'),
  ]);
  const { ids, classes, probabilities } = predictions;
  const description = { ids: JSON.stringify(ids), classes: JSON.stringify(classes) };
  const matrix = { name: 'probabilities', rows: ids.length, columns: classes.length, values: probabilities };
  return arrayFile(path, { ...matrix, description }) ?? probabilitiesText(predictions, idColumn);
}

function summaryOf({ ids, classes, unusable, unnamed, weights, fitted, engine }: PredictAnswer) {
  return { images: ids.length, classes: classes.length, unusable, unnamed, weights, fitted, engine };
}

function describe({ ids, classes, weights, fitted }: PredictAnswer, cells: string[], out: string): string[] {
  const shares = cells.map((cell, index) => `${cell.slice(0, 8)} ${weights[index]!.toFixed(3)}`);
  return [
    `${out}: ${ids.length} images, ${classes.length} classes, by ${cells.length === 1 ? `cell ${cells[0]}` : `${cells.length} cells`}`,
    ...(fitted === null
      ? []
      : [
          `weights fitted on ${fitted.images} validation images: ${shares.join(', ')}; loss ${fitted.loss.toFixed(4)}, with equal weights ${fitted.equalLoss.toFixed(4)}`,
        ]),
  ];
}

function warn({ unusable, unnamed, unnamedIds }: PredictAnswer, { stderr, exitWith }: CommandContext): void {
  if (unnamed > 0)
    stderr.write(
      `${unnamed} images are not in the sample and were left out: ${unnamedIds.join(', ')}${unnamed > unnamedIds.length ? ', …' : ''}\n`,
    );
  if (unusable.length === 0) return;
  const listed = listSome(unusable.map(({ id, message }) => `${id} (${message})`));
  stderr.write(`${unusable.length} images can't be used; their rows are the mean of all others: ${listed}\n`);
  exitWith(1);
}
