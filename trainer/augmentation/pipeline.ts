import type { AugmentationSpec, Component } from '../contract/run-spec.js';
import type { ImageBuffer, ImageShape } from './image-buffer.js';
import { type BatchMix, rolledByOne } from './mix.js';
import { mixKinds } from './mixes/registry.js';
import { Draws, purposeKey } from './random.js';
import { ParameterError, type TransformKind } from './transform.js';
import { transformKinds } from './transforms/registry.js';

const augmentationPurpose = purposeKey('augmentation');
const mixPurpose = purposeKey('mix');

/**
 * The transforms of an augmentation in a row, for images of one shape. Returns a function that augments `image` in
 * place with the draws of (seed, epoch, index); `index` is the image's place in the data set, so that neither batch
 * size nor order changes what an image becomes.
 *
 * Throws a ParameterError for an unknown name, parameters that don't fit the shape, or a transform of bytes
 * after one of normalized images.
 */
export function transformPipeline(
  augmentation: AugmentationSpec,
  shape: ImageShape,
): (image: ImageBuffer, seed: number, epoch: number, index: number) => void {
  let normalized: string | undefined;
  const steps = augmentation.transforms.map((component, position) => {
    const where = `transforms[${position}]`;
    const kind: TransformKind | undefined = Object.hasOwn(transformKinds, component.name)
      ? transformKinds[component.name as keyof typeof transformKinds]
      : undefined;
    if (!kind) throw new ParameterError(where, `there is no transform ${component.name}`);
    if (kind.stage === 'normalized') normalized = component.name;
    else if (normalized)
      throw new ParameterError(where, `${component.name} works on bytes: it must stand before ${normalized}`);
    return kind.create(component, shape);
  });
  const draws = new Draws();
  return (image, seed, epoch, index) => {
    draws.at(seed, augmentationPurpose, epoch, index);
    for (const step of steps) step.apply(image, draws);
  };
}

/**
 * Whether and how one training batch of `size` images is mixed: with `mixProbability`, by one of the mixes listed,
 * drawn by weight. A pure function of (seed, epoch, batch).
 */
export function drawMix(
  augmentation: AugmentationSpec,
  shape: ImageShape,
  { size, seed, epoch, batch }: { size: number; seed: number; epoch: number; batch: number },
): BatchMix | null {
  const { mix, mixProbability } = augmentation;
  if (mix.length === 0) return null;
  const draws = new Draws().at(seed, mixPurpose, epoch, batch);
  if (draws.uniform() >= mixProbability) return null;
  const chosen = drawWeighted(mix, draws);
  if (!Object.hasOwn(mixKinds, chosen.name))
    throw new ParameterError('mix', `there is no mix ${chosen.name}`);
  return mixKinds[chosen.name as keyof typeof mixKinds].draw(chosen, shape, rolledByOne(size), draws);
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
