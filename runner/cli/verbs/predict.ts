import { resolve } from 'node:path';
import type { PredictAnswer } from '../../../trainer/contract/inference.js';
import { UsageError } from '../../domain/error.js';
import { arrayFile } from '../../export/array-file.js';
import { filledTemplate, probabilitiesText, submissionText } from '../../export/submission.js';
import { atomicWrite } from '../../store/atomic-write.js';
import * as paths from '../../store/run-paths.js';
import { runInference } from '../../trainer-client/run-inference.js';
import type { CommandContext } from '../context.js';
import { checkExtension, listSome, progressLine } from '../inference-output.js';
import type { Options } from '../options.js';
import { printJson, printLine } from '../output.js';
import { noViews } from '../parse-option.js';
import { bestCells, trainedModel } from '../trained-models.js';
import { withReader } from '../with-store.js';

type Own = Options<
  | 'classified'
  | 'submission'
  | 'topCells'
  | 'whichGrid'
  | 'weights'
  | 'columns'
  | 'sample'
  | 'tta'
  | 'fitWeights'
  | 'probabilities'
  | 'batchSize'
  | 'json'
>;

export async function predict(prefixes: string[], options: Own, context: CommandContext): Promise<void> {
  if ((prefixes.length === 0) === (options.top === undefined))
    throw new UsageError('predict needs cells, or --top N');
  if (options.probabilities !== undefined) checkExtension('--probabilities', options.probabilities);
  if (options.sample === undefined && (options.columns?.length ?? 2) !== 2)
    throw new UsageError('--columns must be two names with a comma between; more only with --sample');
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
