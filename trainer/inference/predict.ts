/** Probabilities of images by an ensemble of trained models. */

import type {
  Answered,
  PredictAnswer,
  PredictRequest,
  TrainedModel,
  UnusableImage,
} from '../contract/inference.js';
import type { Engine } from '../engine/engine.js';
import { classifyImages } from './classify-images.js';
import { decodedChunks } from './decoded-chunks.js';
import { inOrder, sharedClasses } from './ensemble-classes.js';
import { ensembleLoss, fitEnsembleWeights } from './ensemble-weights.js';
import { type ImageList, listImages, listSample, type SampleList } from './image-list.js';
import { type OpenModel, openModel } from './open-model.js';
import { RequestError } from './request-error.js';
import { type LabelledImages, validationImages } from './validation-images.js';
import { viewsOf } from './views.js';

/** What one model says. */
interface Opinion {
  /** [images × classes], the classes in the order of the first model's. */
  probabilities: Float32Array;
  unusable: (UnusableImage & { row: number })[];
  /** Probability of the label of each validation image, where weights are to be fitted. */
  ofLabel: Float32Array;
  validation: LabelledImages | undefined;
}

/** One model after the other is on the device. `onImages` is told the number of images done. */
export async function predict(
  engine: Engine,
  request: PredictRequest,
  onProgress: (done: number, total: number) => void,
): Promise<Answered<PredictAnswer>> {
  const { models, fitWeights } = request;
  const classes = await sharedClasses(models);
  const list = listOf(request, classes);
  const total = models.length * list.numbers.length;
  let done = 0;
  const onImages = (images: number) => {
    done += images;
    onProgress(Math.min(done, total), total);
  };
  const opinions: Opinion[] = [];
  try {
    for (const model of models) opinions.push(await ask(engine, model, { list, classes }, request, onImages));
  } finally {
    list.source.close();
  }
  if (fitWeights) checkAlike(opinions, models);
  const equal = models.map(() => 1 / models.length);
  const ofLabel = opinions.map(opinion => opinion.ofLabel);
  const weights = fitWeights ? fitEnsembleWeights(ofLabel) : equal;
  const unusable = [
    ...new Map(opinions.flatMap(opinion => opinion.unusable).map(bad => [bad.row, bad])).values(),
  ];
  if (unusable.length === list.ids.length)
    throw new RequestError(
      `none of the ${unusable.length} images can be used: ${unusable[0]!.id}: ${unusable[0]!.message}`,
    );
  const mean = weightedMean(opinions, weights);
  fillWithMean(mean, classes.length, new Set(unusable.map(({ row }) => row)));
  const unnamed = 'unnamed' in list ? list.unnamed : [];
  const answer: PredictAnswer = {
    type: 'predicted',
    ids: list.ids,
    classes,
    template: 'template' in list ? list.template : null,
    unusable: unusable.map(({ id, message }) => ({ id, message })),
    unnamed: unnamed.length,
    unnamedIds: unnamed.slice(0, unnamedShown),
    weights,
    fitted: fitWeights
      ? {
          loss: ensembleLoss(weights, ofLabel),
          equalLoss: ensembleLoss(equal, ofLabel),
          images: ofLabel[0]!.length,
        }
      : null,
    engine: engine.info,
  };
  return { answer, numbers: mean };
}

const listOf = (
  { images, sample, models, columns }: PredictRequest,
  classes: readonly string[],
): ImageList | SampleList => {
  const { data } = models[0]!.spec;
  return sample === null
    ? listImages(images, data)
    : listSample(images, sample, { classes, known: data.columns, asked: columns });
};

/** Of images that a sample doesn't name so many are shown. */
const unnamedShown = 5;

async function ask(
  engine: Engine,
  trained: TrainedModel,
  { list, classes: order }: { list: ImageList; classes: readonly string[] },
  request: PredictRequest,
  onImages: (images: number) => void,
): Promise<Opinion> {
  const model = await openModel(engine, trained);
  try {
    const options = { views: viewsOf(request.augmentation, model.image), batchSize: request.batchSize };
    const { data } = trained.spec;
    const classes = order.length;
    const probabilities = new Float32Array(list.numbers.length * classes);
    const unusable: Opinion['unusable'] = [];
    for await (const chunk of decodedChunks(list, model.image, data)) {
      unusable.push(...chunk.unusable);
      const given = await classifyImages(model, chunk.images, options, onImages);
      probabilities.set(inOrder(given, model.classNames, order), chunk.first * classes);
    }
    const validation = request.fitWeights ? await validationImages(model, data, request.cacheDir) : undefined;
    const ofLabel = validation ? await labelProbabilities(model, validation, options) : new Float32Array();
    return { probabilities, unusable, ofLabel, validation };
  } finally {
    model.dispose();
  }
}

async function labelProbabilities(
  model: OpenModel,
  { images, labels }: LabelledImages,
  options: Parameters<typeof classifyImages>[2],
): Promise<Float32Array> {
  const probabilities = await classifyImages(model, images, options, () => {});
  const classes = model.classNames.length;
  return Float32Array.from(labels, (label, image) => probabilities[image * classes + label]!);
}

/** An ensemble's weights must be fitted on the same images. */
function checkAlike([first, ...others]: readonly Opinion[], models: readonly TrainedModel[]): void {
  others.forEach((other, index) => {
    const [a, b] = [first!.validation!, other.validation!];
    if (!(a.fingerprint === b.fingerprint && a.places.join() === b.places.join()))
      throw new RequestError(
        `the cells ${models[0]!.cellId} and ${models[index + 1]!.cellId} have different validation images: no weights can be fitted`,
      );
  });
}

function weightedMean(opinions: readonly Opinion[], weights: readonly number[]): Float32Array {
  const mean = new Float32Array(opinions[0]!.probabilities.length);
  opinions.forEach(({ probabilities }, model) => {
    const weight = weights[model]!;
    for (let at = 0; at < mean.length; at++) mean[at]! += weight * probabilities[at]!;
  });
  return mean;
}

/** Rows of `missing` become the mean of all others. */
function fillWithMean(rows: Float32Array, classes: number, missing: ReadonlySet<number>): void {
  if (missing.size === 0) return;
  const count = rows.length / classes;
  const sums = new Float64Array(classes);
  for (let row = 0; row < count; row++)
    if (!missing.has(row)) for (let c = 0; c < classes; c++) sums[c]! += rows[row * classes + c]!;
  const others = count - missing.size;
  const mean = sums.map(sum => sum / others);
  for (const row of missing) rows.set(mean, row * classes);
}
