import { augmentationProblems } from '../contract/params.js';
import type { AugmentationSpec, Component } from '../contract/run-spec.js';
import { Draws, purposeKey } from '../random/random.js';
import type { ImageBuffer, ImageShape } from './image-buffer.js';
import { type BatchMix, rolledByOne } from './mix.js';
import { mixKinds } from './mixes/registry.js';
import { ParameterError, type Transform, type TransformKind } from './transform.js';
import { transformKinds } from './transforms/registry.js';

const expansionPurpose = purposeKey('expansion');
const augmentationPurpose = purposeKey('augmentation');
const mixPurpose = purposeKey('mix');
const epochMixPurpose = purposeKey('mix of an epoch');

/** Augments `image` in place with the draws of (seed, epoch, index, repetition). */
type Augment = (image: ImageBuffer, seed: number, epoch: number, index: number, repetition?: number) => void;

/**
 * The transforms of an augmentation in a row, for images of one shape. `index` is the image's place in the data set, so
 * that neither batch size nor order changes what an image becomes; `repetition` counts how often it was in its batch before.
 *
 * Throws a ParameterError for an unknown name, and for what `augmentationProblems` finds.
 */
export function transformPipeline(augmentation: AugmentationSpec, shape: ImageShape): Augment {
  const steps = createTransforms(augmentation, 'transforms', shape);
  return applying(steps, augmentationPurpose);
}

/**
 * Makes the copies of an `expansion`, with their number for the epoch. What a copy is depends on (seed, copy, image) alone,
 * so it is made whenever it is needed, the same bytes each time, and kept nowhere.
 */
export function expansionPipeline(augmentation: AugmentationSpec, shape: ImageShape): Augment {
  const steps = createTransforms(augmentation, 'expansion.transforms', shape);
  return applying(steps, expansionPurpose);
}

function applying(steps: readonly Transform[], purpose: number): Augment {
  const draws = new Draws();
  return (image, seed, epoch, index, repetition = 0) => {
    draws.at(seed, purpose, epoch, index, repetition);
    for (const step of steps) step.apply(image, draws);
  };
}

function createTransforms(
  augmentation: AugmentationSpec,
  path: 'transforms' | 'expansion.transforms',
  shape: ImageShape,
): Transform[] {
  const { channels, height, width } = shape;
  const [problem] = augmentationProblems(augmentation, { channels, imageSize: Math.min(height, width) });
  if (problem) throw new ParameterError(problem.path, problem.message);
  const components =
    path === 'transforms' ? augmentation.transforms : (augmentation.expansion?.transforms ?? []);
  return components.map((component, index) => {
    if (!Object.hasOwn(transformKinds, component.name))
      throw new ParameterError(`${path}.${index}`, `there is no transform ${component.name}`);
    const kind: TransformKind = transformKinds[component.name as keyof typeof transformKinds];
    return kind.create(component, shape);
  });
}

/**
 * Whether and how one training batch of `size` images is mixed: with `mixProbability`, by one of the mixes listed,
 * drawn by weight, for the batch or for all batches of the epoch alike; the share is each batch's own. A pure function of (seed,
 * epoch, batch).
 */
export function drawMix(
  augmentation: AugmentationSpec,
  shape: ImageShape,
  { size, seed, epoch, batch }: { size: number; seed: number; epoch: number; batch: number },
): BatchMix | null {
  const { mix, mixProbability, mixEvery = 'batch' } = augmentation;
  if (mix.length === 0) return null;
  const ofBatch = new Draws().at(seed, mixPurpose, epoch, batch);
  const draws = mixEvery === 'batch' ? ofBatch : new Draws().at(seed, epochMixPurpose, epoch, 0);
  if (draws.uniform() >= mixProbability) return null;
  const chosen = drawWeighted(mix, draws);
  if (!Object.hasOwn(mixKinds, chosen.name))
    throw new ParameterError('mix', `there is no mix ${chosen.name}`);
  return mixKinds[chosen.name as keyof typeof mixKinds].draw(chosen, shape, rolledByOne(size), ofBatch);
}

/** One of `components`, with odds given by their `weight`. */
function drawWeighted(components: readonly Component[], draws: Draws): Component {
  const total = components.reduce((sum, { weight }) => sum + (weight as number), 0);
  let rest = draws.uniform() * total;
  for (const component of components) {
    rest -= component.weight as number;
    if (rest < 0) return component;
  }
  return components.at(-1)!;
}
