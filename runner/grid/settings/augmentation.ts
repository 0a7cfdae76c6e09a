/** The `augmentation` section: lists of transforms and mixes, or a preset. */
import { defaultAugmentation, defaultExpansion } from '../../../trainer/contract/defaults.js';
import { type PresetName, presets } from '../../../trainer/contract/params.js';
import type { AugmentationSpec, ExpansionSpec } from '../../../trainer/contract/run-spec.js';
import { boolean, choice, integer, nullable, number, type Schema } from '../../../trainer/contract/schema.js';
import type { NodePath } from '../../domain/problem.js';
import { checkValue, describeValue } from '../yaml/check-value.js';
import { suggestion } from '../yaml/nearest.js';
import type { Reporter } from '../yaml/reporter.js';
import {
  type ComponentKind,
  checkComponent,
  fillComponent,
  isMapping,
  mixKind,
  transformKind,
} from './components.js';

const presetNames = Object.keys(presets);

const expansion: Record<keyof ExpansionSpec, Schema> = {
  copies: integer(defaultExpansion.copies, { minimum: 1, maximum: 100 }, 'Copies of each training image'),
  keepOriginals: boolean(defaultExpansion.keepOriginals, 'Train on the images themselves, too'),
  transforms: { type: 'array', minItems: 1, description: 'What makes a copy, in order' },
  seed: integer(defaultExpansion.seed, { minimum: 0, maximum: 2 ** 32 - 1 }, 'Another seed, other copies'),
};

export const augmentationSchemas: Readonly<Record<keyof AugmentationSpec | 'preset', Schema>> = {
  preset: choice(
    'none',
    presetNames,
    `What the other keys build on: ${Object.entries(presets)
      .map(([name, { description }]) => `${name}: ${description}`)
      .join('; ')}`,
  ),
  transforms: {
    type: 'array',
    description: 'Applied to each training image, in order; `normalize` to validation images, too',
  },
  mix: { type: 'array', description: 'One of these is drawn, by weight, for each training batch or epoch' },
  mixProbability: number(
    defaultAugmentation.mixProbability,
    { minimum: 0, maximum: 1 },
    'Probability that a batch, or an epoch, is mixed at all',
  ),
  mixEvery: choice(
    'batch',
    ['batch', 'epoch'],
    'What `mix` and `mixProbability` are drawn for: each training batch, or each epoch',
  ),
  repeats: integer(
    defaultAugmentation.repeats,
    { minimum: 1, maximum: 64 },
    'How often an image is in its batch, each time augmented anew; an epoch keeps its length',
  ),
  expansion: nullable({
    type: 'object',
    properties: expansion,
    required: ['transforms'],
    additionalProperties: false,
    description: 'Augmented copies of the training images, the same in every epoch; null: none',
  }),
};

/** Lists of components in an augmentation, by their path in it. */
const lists: readonly { path: readonly string[]; kind: ComponentKind }[] = [
  { path: ['transforms'], kind: transformKind },
  { path: ['mix'], kind: mixKind },
  { path: ['expansion', 'transforms'], kind: transformKind },
];

const shape: Schema = { type: 'object', properties: augmentationSchemas, additionalProperties: false };

/** Reports what is wrong with a whole augmentation as written. */
export function checkAugmentation(value: unknown, at: NodePath, report: Reporter, free: boolean): void {
  if (typeof value === 'string') {
    if (!presetNames.includes(value))
      report.add(at, `unknown preset "${value}"${suggestion(value, presetNames, 'presets')}`);
  } else if (isMapping(value)) {
    checkValue(shape, value, at, report, 'augmentation');
    for (const key of Object.keys(value)) checkLists(key, value[key], [...at, key], report, free);
  } else
    report.add(
      at,
      `must be a preset (${presetNames.join(', ')}) or a mapping with ${Object.keys(augmentationSchemas).join(', ')}, got ${describeValue(value)}`,
    );
}

/** Reports what is wrong with one key of an augmentation. */
export function checkAugmentationKey(
  key: keyof typeof augmentationSchemas,
  value: unknown,
  at: NodePath,
  report: Reporter,
  free: boolean,
): void {
  if (checkValue(augmentationSchemas[key], value, at, report)) checkLists(key, value, at, report, free);
}

/** Reports what is wrong with the entries of the lists in the value of a key. */
function checkLists(key: string, value: unknown, at: NodePath, report: Reporter, free: boolean): void {
  for (const { path, kind } of lists) {
    const [first, second] = path;
    if (first !== key) continue;
    const entries = second === undefined ? value : isMapping(value) ? value[second] : undefined;
    const place = second === undefined ? at : [...at, second];
    if (!Array.isArray(entries)) continue;
    for (const [index, entry] of entries.entries())
      checkComponent(kind, entry, [...place, index], report, free);
  }
}

/** The preset written out, what is given in its place, and every default filled in. */
export function fillAugmentation(value: unknown): AugmentationSpec {
  const { preset, ...given } = isMapping(value) ? value : { preset: value };
  const base = Object.hasOwn(presets, String(preset)) ? presets[preset as PresetName] : {};
  const {
    transforms,
    mix,
    mixProbability,
    mixEvery = 'batch',
    repeats,
    expansion,
  } = {
    ...defaultAugmentation,
    ...base,
    ...given,
  } as AugmentationSpec;
  return {
    transforms: fillList(transformKind, transforms),
    mix: fillList(mixKind, mix),
    mixProbability,
    mixEvery,
    repeats,
    expansion: isMapping(expansion)
      ? {
          ...defaultExpansion,
          ...(expansion as ExpansionSpec),
          transforms: fillList(transformKind, expansion.transforms),
        }
      : null,
  };
}

const fillList = (kind: ComponentKind, entries: unknown) =>
  Array.isArray(entries) ? entries.map(entry => fillComponent(kind, entry)) : [];
