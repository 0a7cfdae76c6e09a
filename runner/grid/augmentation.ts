/** The `augmentation` section: lists of transforms and mixes, or `none`. */
import { defaultAugmentation } from '../../trainer/contract/defaults.js';
import type { AugmentationSpec } from '../../trainer/contract/run-spec.js';
import type { Schema } from '../../trainer/contract/schema.js';
import type { NodePath } from '../domain/problem.js';
import { checkValue, describeValue } from './check-value.js';
import {
  type ComponentKind,
  checkComponent,
  fillComponent,
  isMapping,
  mixKind,
  transformKind,
} from './components.js';
import type { Reporter } from './reporter.js';

/** Lists of components among the keys of an augmentation. */
export const augmentationLists: Readonly<Record<string, ComponentKind>> = {
  transforms: transformKind,
  mix: mixKind,
};

export const augmentationSchemas: Readonly<Record<keyof AugmentationSpec, Schema>> = {
  transforms: {
    type: 'array',
    description: 'Applied to each training image, in order; `normalize` to validation images, too',
  },
  mix: { type: 'array', description: 'For each training batch one of these is drawn, by weight' },
  mixProbability: {
    type: 'number',
    minimum: 0,
    maximum: 1,
    default: defaultAugmentation.mixProbability,
    description: 'Probability that a batch is mixed at all',
  },
};

const shape: Schema = { type: 'object', properties: augmentationSchemas, additionalProperties: false };

/** Reports what is wrong with a whole augmentation as written. */
export function checkAugmentation(value: unknown, at: NodePath, report: Reporter, free: boolean): void {
  if (value === 'none') return;
  if (!isMapping(value)) {
    report.add(
      at,
      `must be "none" or a mapping with transforms, mix and mixProbability, got ${describeValue(value)}`,
    );
    return;
  }
  checkValue(shape, value, at, report, 'augmentation');
  for (const key of Object.keys(augmentationLists))
    if (Array.isArray(value[key])) checkAugmentationList(key, value[key], [...at, key], report, free);
}

/** Reports what is wrong with the entries of `transforms` or `mix`. */
export function checkAugmentationList(
  key: string,
  value: unknown[],
  at: NodePath,
  report: Reporter,
  free: boolean,
): void {
  for (const [index, entry] of value.entries())
    checkComponent(augmentationLists[key]!, entry, [...at, index], report, free);
}

/** Every default filled in; `none` is normalization alone. */
export function fillAugmentation(value: unknown): AugmentationSpec {
  const given = { ...defaultAugmentation, ...(isMapping(value) ? value : {}) };
  const fill = (kind: ComponentKind, entries: unknown) =>
    Array.isArray(entries) ? entries.map(entry => fillComponent(kind, entry)) : [];
  return {
    transforms: fill(transformKind, given.transforms),
    mix: fill(mixKind, given.mix),
    mixProbability: given.mixProbability,
  };
}
