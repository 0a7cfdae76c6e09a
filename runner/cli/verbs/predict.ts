import { resolve } from 'node:path';
import { atomicWrite } from '../../../trainer/files/atomic-write.js';
import { UsageError } from '../../domain/error.js';
import { predictionFiles } from '../../export/predictions.js';
import { bestCells } from '../../leaderboard/best-cells.js';
import { trainedModel } from '../../planning/trained-model.js';
import { ResultsPaths } from '../../store/run-paths.js';
import { predictionAsJson, predictionLines, predictionWarnings } from '../../terminal/prediction-lines.js';
import { runInference } from '../../trainer-client/run-inference.js';
import { askedPlace } from '../asked-place.js';
import type { CommandContext } from '../context.js';
import { checkExtension, progressLine } from '../inference-output.js';
import type { Options } from '../options.js';
import { printJson, printLine } from '../output.js';
import { noViews } from '../parse-option.js';
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
  | 'askedSlots'
  | 'askedEntry'
  | 'json'
>;

export async function predict(prefixes: string[], options: Own, context: CommandContext): Promise<void> {
  checkOptions(prefixes, options);
  const { grid, top, sample = null, columns, out, probabilities } = options;
  const paths = new ResultsPaths(options.results);
  const place = await askedPlace(options, context);
  const warn = (words: string) => context.stderr.write(`warning: ${words}\n`);
  const models = await withReader(options, store => {
    const cells =
      top === undefined ? prefixes.map(prefix => store.findCell(prefix)) : bestCells(store, grid, top, warn);
    return cells.map(cell => trainedModel(cell, options.weights, place, paths, warn));
  });
  const { answer, numbers } = await runInference(
    {
      type: 'predict',
      models,
      images: resolve(options.images),
      sample: sample && resolve(sample),
      columns: sample === null ? null : (columns ?? null),
      augmentation: options.tta ?? noViews,
      fitWeights: options.fitWeights ?? false,
      batchSize: options.batchSize,
      cacheDir: paths.cache,
    },
    place.ask,
    progressLine(context),
  );
  const { id, label } = models[0]!.spec.data.columns;
  const files = predictionFiles(answer, numbers, columns ?? [id, label], probabilities);
  if (files.probabilities !== undefined) atomicWrite(resolve(probabilities!), files.probabilities);
  atomicWrite(resolve(out), files.submission);
  const cells = models.map(({ cellId }) => cellId);
  if (options.json) printJson(context, { cells, out: resolve(out), ...predictionAsJson(answer) });
  else for (const line of predictionLines(answer, cells, out)) printLine(context, line);
  for (const line of predictionWarnings(answer)) context.stderr.write(`${line}\n`);
  if (answer.unusable.length > 0) context.exitWith(1);
}

function checkOptions(prefixes: readonly string[], { top, probabilities, sample, columns }: Own): void {
  if ((prefixes.length === 0) === (top === undefined))
    throw new UsageError('predict needs cells, or --top N');
  if (probabilities !== undefined) checkExtension('--probabilities', probabilities);
  if (sample === undefined && (columns?.length ?? 2) !== 2)
    throw new UsageError('--columns must be two names with a comma between; more only with --sample');
}
