/**
 * What training a cell costs beside other cells, by its settings alone: the same number on every machine, and only good for comparing.
 * Nothing that was measured in a results folder plays a part.
 */
import { type ModelName, models } from '../../../trainer/contract/params/models.js';
import type { Component, RunSpec } from '../../../trainer/contract/run-spec.js';

/**
 * An image at 40×40, of each model as it is by default. In ms of PyTorch on one core as the README's benchmarks have it, where
 * they do; of the others by their multiply-adds beside a relative's.
 */
const perImage: Readonly<Record<ModelName, number>> = {
  resnet18: 6,
  resnet34: 12,
  resnet50: 14,
  resnet20: 16,
  resnet32: 27,
  resnet56: 49,
  densenet121: 10,
  efficientnetB0: 9,
  mobilenetV3Small: 2.5,
  convnextAtto: 3,
  convnextPico: 6,
  vit: 19,
  vitTiny: 40,
  vitSmall: 150,
  vitB16: 60,
  swin: 9,
  swinTiny: 20,
};

/** How the time goes with a parameter: its value over the default one to this power. */
const powers: Readonly<Record<string, number>> = {
  ...{ width: 2, hiddenDim: 1.5, mlpDim: 0.5, embedDim: 2, growthRate: 1.5 },
  ...{ layers: 1, depths: 1, stemStride: -2, patchSize: -2 },
};

/** Where a grid leaves to the data what there is. */
const usual = { imageSize: 40, classes: 10, imagesPerClass: 1000 };

export function relativeCost({ model, data, train, augmentation, optimizer, trainer }: RunSpec): number {
  // What another program makes of its settings is its own.
  if (trainer !== null) return train.epochs;
  const { limit, imageSize } = data;
  const images =
    (limit.classes ?? usual.classes) * (limit.imagesPerClass ?? usual.imagesPerClass) * copies(augmentation);
  const pixels = ((imageSize ?? usual.imageSize) / usual.imageSize) ** 2;
  // Two passes for each step.
  const passes = optimizer.sam ? 2 : 1;
  return train.epochs * images * pixels * passes * costOf(model);
}

const copies = ({ expansion }: RunSpec['augmentation']) =>
  expansion === null ? 1 : expansion.copies + (expansion.keepOriginals ? 1 : 0);

function costOf(model: Component): number {
  if (!isKnown(model.name)) return 1;
  const defaults = models[model.name] as Record<string, { default?: unknown }>;
  return Object.entries(powers).reduce((cost, [name, power]) => {
    const [now, before] = [sizeOf(model[name]), sizeOf(defaults[name]?.default)];
    return now > 0 && before > 0 ? cost * (now / before) ** power : cost;
  }, perImage[model.name]);
}

const isKnown = (name: string): name is ModelName => Object.hasOwn(perImage, name);

/** Of a number, or of a list of them; 0: neither. */
const sizeOf = (value: unknown): number =>
  typeof value === 'number'
    ? value
    : Array.isArray(value)
      ? value.reduce<number>((sum, part) => sum + sizeOf(part), 0)
      : 0;
