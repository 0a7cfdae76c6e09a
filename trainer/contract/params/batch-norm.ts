/** What batch normalization asks of the training batches. */
import type { TrainSpec } from '../run-spec.js';
import { convnets, normalizedMapSize } from './convnets.js';

/**
 * Why a model can't be trained on these batches, or undefined if it can: a batch norm divides by the deviation of a channel's
 * values in the batch, and of a single one there is none. PyTorch refuses it likewise.
 *
 * @param imageSize height and width of the images
 * @param trainImages of an epoch, copies included
 */
export function batchNormProblem(
  model: { name: string; [key: string]: unknown },
  imageSize: number,
  { trainImages, batchSize, dropLast }: Pick<TrainSpec, 'batchSize' | 'dropLast'> & { trainImages: number },
): string | undefined {
  if (!Object.hasOwn(convnets, model.name) || normalizedMapSize(model as never, imageSize) !== 1)
    return undefined;
  const rest = trainImages % batchSize;
  const reason = `${model.name} makes 1×1 maps of ${imageSize}×${imageSize} images, of which batch normalization needs more than one in a batch`;
  if (batchSize === 1) return `${reason}, got batches of 1; take 2 or more, or larger images`;
  if (rest !== 1 || dropLast) return undefined;
  return `${reason}, but of ${trainImages} training images in batches of ${batchSize} one is left for the last batch; set train.dropLast: true, or another batchSize`;
}
