import { resolve } from 'node:path';
import { atomicWrite } from '../../../trainer/files/atomic-write.js';
import { UsageError } from '../../domain/error.js';
import { featuresFile } from '../../export/features.js';
import { trainedModel } from '../../planning/trained-model.js';
import { neighboursPage } from '../../report/neighbours/page.js';
import { ResultsPaths } from '../../store/run-paths.js';
import { embeddingAsJson, embeddingLines } from '../../terminal/embedding-lines.js';
import { listUnusable } from '../../terminal/prediction-lines.js';
import { runInference } from '../../trainer-client/run-inference.js';
import { askedPlace } from '../asked-place.js';
import type { CommandContext } from '../context.js';
import { checkExtension, progressLine } from '../inference-output.js';
import type { Options } from '../options.js';
import { printJson, printLine, widthOf } from '../output.js';
import { withReader } from '../with-store.js';

type Own = Options<
  | 'weights'
  | 'votes'
  | 'queries'
  | 'neighbours'
  | 'page'
  | 'features'
  | 'otherImages'
  | 'batchSize'
  | 'askedSlots'
  | 'askedEntry'
  | 'json'
>;

export async function embed(prefix: string, options: Own, context: CommandContext): Promise<void> {
  const { images, image: queries, out, page } = options;
  if (out !== undefined) checkExtension('--out', out);
  if (images !== undefined && (out === undefined || queries !== undefined || page !== undefined))
    throw new UsageError('--images needs --out, and has no neighbours: leave out --image and --page');
  const paths = new ResultsPaths(options.results);
  const place = await askedPlace(options, context);
  const warn = (words: string) => context.stderr.write(`warning: ${words}\n`);
  const model = await withReader(options, store =>
    trainedModel(store.findCell(prefix), options.weights, place, paths, warn),
  );
  const { answer, numbers } = await runInference(
    {
      type: 'embed',
      model,
      images: images === undefined ? null : resolve(images),
      votes: options.k,
      queries: (queries ?? []).map(name => ({ name, path: resolve(name) })),
      samples: page !== undefined && queries === undefined ? sampleCount : 0,
      neighbours: options.neighbours,
      batchSize: options.batchSize,
      cacheDir: paths.cache,
    },
    place.ask,
    progressLine(context),
  );
  if (out !== undefined) atomicWrite(resolve(out), featuresFile(answer, numbers, out));
  if (page !== undefined) atomicWrite(resolve(page), neighboursPage(answer, model.cellId));
  if (options.json) printJson(context, { cell: model.cellId, ...embeddingAsJson(answer) });
  else
    for (const line of embeddingLines(answer, { cellId: model.cellId, out, page }, widthOf(context)))
      printLine(context, line);
  const { unusable } = answer;
  if (unusable.length === 0) return;
  context.stderr.write(
    `${unusable.length} images can't be used and were left out: ${listUnusable(unusable)}\n`,
  );
  context.exitWith(1);
}

/** Validation images on a page, if none are named. */
const sampleCount = 24;
