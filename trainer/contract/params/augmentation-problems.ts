/** What is wrong with an augmentation whose parameters are each fine: orders, ranges, and what the images don't allow. */
import type { AugmentationSpec, Component } from '../run-spec.js';
import type { Parameters } from '../schema.js';
import { normalizedTransforms, type TransformName, transforms } from './augmentation.js';

export interface AugmentationProblem {
  /** Dotted path below the augmentation: `transforms.0.scale`. */
  path: string;
  message: string;
}

/** What is known of the images; `imageSize` is null until the data have been looked at. */
interface ImageFacts {
  channels: number;
  imageSize: number | null;
  /** `data.shortSide`. */
  shortSide?: number | null;
}

/** All that is wrong at once. Names that there are not are passed over: they are reported elsewhere. */
export function augmentationProblems(
  { transforms: steps, mix, expansion }: AugmentationSpec,
  images: ImageFacts,
): AugmentationProblem[] {
  const offline = expansion?.transforms ?? [];
  return [
    ...below('transforms', [...orderProblems(steps), ...parameterProblems(steps, images)]),
    ...(images.shortSide ? cropProblems(steps, expansion !== null) : []),
    ...below('mix', mixProblems(mix)),
    ...below('expansion.transforms', [...expansionProblems(offline), ...parameterProblems(offline, images)]),
  ];
}

const below = (prefix: string, problems: AugmentationProblem[]) =>
  problems.map(({ path, message }) => ({ path: `${prefix}.${path}`, message }));

const isKnown = (name: string) => Object.hasOwn(transforms, name);

function orderProblems(steps: readonly Component[]): AugmentationProblem[] {
  const names = steps.map(({ name }) => name);
  return names.flatMap((name, index) => {
    const before = names.slice(0, index);
    const normalized = before.find(other => normalizedTransforms.includes(other));
    let message: string | undefined;
    if (name === 'normalize' && before.includes('normalize')) message = 'normalize is there twice';
    else if (name === 'normalize' && normalized)
      message = `must stand before ${normalized}, which fills boxes of the normalized image`;
    else if (normalized && isKnown(name) && !normalizedTransforms.includes(name))
      message = `${name} works on bytes: it must stand before ${normalized}`;
    return message === undefined ? [] : [{ path: `${index}`, message }];
  });
}

/** With `data.shortSide` the crop is what makes an image of the image size. */
function cropProblems(steps: readonly Component[], isExpanded: boolean): AugmentationProblem[] {
  const index = steps.findIndex(({ name }) => name === 'randomResizedCrop');
  if (index > 0)
    return problem(
      `transforms.${index}`,
      'must be the first transform with data.shortSide: it crops from the larger images',
    );
  if (index === 0 && isExpanded)
    return problem('expansion', 'doesn’t go with a randomResizedCrop and data.shortSide');
  return [];
}

/** Odds are told by `weight`, so that a mix that is there twice is a slip. */
function mixProblems(mix: readonly Component[]): AugmentationProblem[] {
  return mix.flatMap(({ name }, index) =>
    mix.findIndex(other => other.name === name) < index
      ? [{ path: `${index}`, message: `${name} is there twice; its odds are set by weight` }]
      : [],
  );
}

function expansionProblems(steps: readonly Component[]): AugmentationProblem[] {
  return steps.flatMap(({ name }, index) =>
    normalizedTransforms.includes(name)
      ? [{ path: `${index}`, message: `${name} can't be kept in copies, which are bytes` }]
      : [],
  );
}

function parameterProblems(steps: readonly Component[], images: ImageFacts): AugmentationProblem[] {
  return steps.flatMap((step, index) =>
    isKnown(step.name)
      ? below(`${index}`, [
          ...rangeProblems(step),
          ...channelProblems(step, images),
          ...specialProblems(step, images),
        ])
      : [],
  );
}

function rangeProblems(step: Component): AugmentationProblem[] {
  const parameters: Parameters = transforms[step.name as keyof typeof transforms];
  return Object.entries(parameters).flatMap(([path, { minItems, maxItems }]) => {
    const range = step[path];
    if (minItems !== 2 || maxItems !== 2 || !Array.isArray(range) || !(range[0] > range[1])) return [];
    return [{ path, message: `must be [smallest, largest], got [${range.join(', ')}]` }];
  });
}

function channelProblems(step: Component, { channels }: ImageFacts): AugmentationProblem[] {
  return ['mean', 'standardDeviation', 'value'].flatMap(path => {
    const values = step[path];
    if (!Array.isArray(values) || values.length === 1 || values.length >= channels) return [];
    return [{ path, message: `must have 1 or ${channels} entries (data.channels), got ${values.length}` }];
  });
}

const problem = (path: string, message: string): AugmentationProblem[] => [{ path, message }];

/** What the checks below look at, each where its transform has it. */
interface Checked {
  padding: number;
  paddingMode: string;
  magnitude: number;
  numMagnitudeBins: number;
  kernelSize: number;
  length: number;
}

type Check = (step: Component & Checked, size: number) => AugmentationProblem[];

/** By transform: the parameter to blame and what is wrong with it. `size` is infinite until the images are known. */
const checks: { readonly [name in TransformName]?: Check } = {
  randomCrop: ({ padding, paddingMode }, size) =>
    paddingMode === 'reflect' && padding >= size
      ? problem('padding', `must be < the image size (${size}) with paddingMode reflect`)
      : [],
  randAugment: ({ magnitude, numMagnitudeBins }) =>
    magnitude >= numMagnitudeBins
      ? problem('magnitude', `must be < numMagnitudeBins (${numMagnitudeBins}), got ${magnitude}`)
      : [],
  colorJitter: step =>
    ['brightness', 'contrast', 'saturation', 'hue'].every(key => step[key] === 0)
      ? problem('name', 'changes nothing: it needs brightness, contrast, saturation or hue')
      : [],
  gaussianBlur({ kernelSize }, size) {
    if (kernelSize % 2 === 0) return problem('kernelSize', `must be odd, got ${kernelSize}`);
    if ((kernelSize - 1) / 2 < size) return [];
    return problem('kernelSize', `must be < twice the image size (${size}), got ${kernelSize}`);
  },
  cutOut: ({ length }, size) =>
    length > size ? problem('length', `must be ≤ the image size (${size}), got ${length}`) : [],
};

function specialProblems(step: Component, { imageSize }: ImageFacts): AugmentationProblem[] {
  const check = checks[step.name as TransformName];
  return check?.(step as Component & Checked, imageSize ?? Number.POSITIVE_INFINITY) ?? [];
}
