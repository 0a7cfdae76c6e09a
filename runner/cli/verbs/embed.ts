import { resolve } from 'node:path';
import type { EmbedAnswer } from '../../../trainer/contract/inference.js';
import { UsageError } from '../../domain/error.js';
import { type AddCommand, type CommandContext, type GlobalOptions, optionsOf } from '../context.js';
import { checkExtension, listSome, parseVotes, progressLine } from '../inference-options.js';
import { printJson, printLine, widthOf } from '../output.js';
import { positiveInteger } from '../parse-option.js';
import { trainedModel, type WeightsKind, weightsOption } from '../trained-models.js';
import { withReader } from '../with-store.js';

interface EmbedOptions extends GlobalOptions {
  weights?: WeightsKind;
  k: number[];
  image?: string[];
  neighbours: number;
  page?: string;
  images?: string;
  out?: string;
  batchSize: number;
  json?: boolean;
}

export const addEmbed: AddCommand = (program, context) => {
  program
    .command('embed <cell>')
    .summary('features of images: nearest neighbours, and what they know')
    .description(
      'Takes what goes into a cell’s last layer for the features of an image. Tells how often the nearest training images (by the cosine) have the class of a validation image, shows the neighbours of images, and writes features to a file.',
    )
    .addOption(weightsOption)
    .option('--k <list>', 'numbers of neighbours that vote, with commas between', parseVotes, [1, 5, 20])
    .option('--image <image...>', 'show its neighbours: the name of a validation image, or a file')
    .option('--neighbours <n>', 'how many of them', positiveInteger('--neighbours'), 8)
    .option('--page <file>', 'show them as a page (HTML), of some validation images without --image')
    .option('--out <file>', 'write the features of the validation images: .csv, .npy or .safetensors')
    .option('--images <path>', 'those of the images of this folder or zip instead')
    .option('--batch-size <n>', 'images at once', positiveInteger('--batch-size'), 128)
    .option('--json', 'what was found, as JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  grid embed 3fa1\n  grid embed 3fa1 --image train/000042.jpg photo.png --page neighbours.html\n  grid embed 3fa1 --images data/test.zip --out features.npy',
    )
    .action(async (cell: string, _, command) => embed(cell, optionsOf<EmbedOptions>(command), context));
};

async function embed(prefix: string, options: EmbedOptions, context: CommandContext): Promise<void> {
  const { images, image: queries, out, page } = options;
  if (out !== undefined) checkExtension('--out', out);
  if (images !== undefined && (out === undefined || queries !== undefined || page !== undefined))
    throw new UsageError('--images needs --out, and has no neighbours: leave out --image and --page');
  const [{ runInference }, { ResultsPaths }, { embeddingLines }] = await Promise.all([
    import('../../trainer-client/run-inference.js'),
    import('../../store/run-paths.js'),
    import('../../terminal/embedding-lines.js'),
  ]);
  const model = await withReader(options, store =>
    trainedModel(store.findCell(prefix), options, words => context.stderr.write(`warning: ${words}\n`)),
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
      cacheDir: new ResultsPaths(options.results).cache,
    },
    { engine: options.engine ?? null, environment: context.environment },
    progressLine(context),
  );
  await writeFiles(answer, numbers, { cellId: model.cellId, out, page });
  if (options.json) printJson(context, { cell: model.cellId, ...withoutPictures(answer) });
  else
    for (const line of embeddingLines(answer, { cellId: model.cellId, out, page }, widthOf(context)))
      printLine(context, line);
  const { unusable } = answer;
  if (unusable.length === 0) return;
  const listed = listSome(unusable.map(({ id, message }) => `${id} (${message})`));
  context.stderr.write(`${unusable.length} images can't be used and were left out: ${listed}\n`);
  context.exitWith(1);
}

/** Validation images on a page, if none are named. */
const sampleCount = 24;

async function writeFiles(
  answer: EmbedAnswer,
  numbers: Float32Array,
  { cellId, out, page }: { cellId: string; out: string | undefined; page: string | undefined },
): Promise<void> {
  const [{ arrayFile }, { featuresText }, { neighboursPage }, { atomicWrite }] = await Promise.all([
    import('../../export/array-file.js'),
    import('../../export/features.js'),
    import('../../report/neighbours/page.js'),
    import('../../store/atomic-write.js'),
  ]);
  const { ids, labels, dimensions } = answer;
  if (out !== undefined) {
    const description = { ids: JSON.stringify(ids), labels: JSON.stringify(labels) };
    const matrix = { name: 'features', rows: ids.length, columns: dimensions, values: numbers, description };
    atomicWrite(resolve(out), arrayFile(out, matrix) ?? featuresText(answer, numbers));
  }
  if (page !== undefined) atomicWrite(resolve(page), neighboursPage(answer, cellId));
}

function withoutPictures({ ids, labels: _, neighbourhoods, ...answer }: EmbedAnswer) {
  return {
    ...answer,
    images: ids.length,
    neighbourhoods: neighbourhoods.map(({ query, neighbours }) => ({
      id: query.id,
      label: query.label,
      neighbours: neighbours.map(({ png: _, ...neighbour }) => neighbour),
    })),
  };
}
