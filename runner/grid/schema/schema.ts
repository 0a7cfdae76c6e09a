/**
 * JSON Schema (2020-12) of a whole grid file, for editors: names, parameters, defaults and descriptions come
 * from the same tables that grids are checked with.
 */
import { presets } from '../../../trainer/contract/params.js';
import type { Parameters, Schema } from '../../../trainer/contract/schema.js';
import { augmentationSchemas } from '../settings/augmentation.js';
import { type ComponentKind, mixKind, sectionKinds, transformKind } from '../settings/components.js';
import { settingPaths, splitPath } from '../settings/settings.js';
import { plainSections, schemaAt } from '../settings/settings-schema.js';
import { gridKeySchemas } from './grid-keys.js';

/** JSON Schema beyond the part that the parameter tables use. */
type EditorSchema = Record<string, unknown>;

const reference = (name: string): EditorSchema => ({ $ref: `#/$defs/${name}` });

/** A name, or `{name, …parameters}`. */
function component({ noun, table }: ComponentKind): EditorSchema {
  const one = ([name, parameters]: [string, Parameters]): EditorSchema => ({
    type: 'object',
    properties: { name: { const: name }, ...parameters },
    required: ['name'],
    additionalProperties: false,
  });
  return {
    description: `A ${noun}: its name, or a mapping with its name and parameters`,
    anyOf: [{ enum: Object.keys(table) }, ...Object.entries(table).map(one)],
  };
}

/** Keys of an augmentation that hold components. */
const augmentationLists: Record<string, EditorSchema> = {
  transforms: { ...augmentationSchemas.transforms, items: reference('transform') },
  mix: { ...augmentationSchemas.mix, items: reference('mix') },
  expansion: {
    ...augmentationSchemas.expansion,
    properties: {
      ...augmentationSchemas.expansion.properties,
      transforms: {
        ...augmentationSchemas.expansion.properties!.transforms,
        items: reference('transform'),
      },
    },
  },
};

const augmentation: EditorSchema = {
  description: 'What is done to training images: a preset, or a mapping; none: normalization alone',
  anyOf: [
    { enum: Object.keys(presets) },
    {
      type: 'object',
      properties: {
        ...augmentationSchemas,
        ...augmentationLists,
      },
      additionalProperties: false,
    },
  ],
};

/** Schema of a value on a settings path of the shared trainer. */
function valueSchema(path: string): EditorSchema {
  const [section, rest] = splitPath(path);
  if (rest.length === 0 && (Object.hasOwn(sectionKinds, section) || section === 'augmentation'))
    return reference(section);
  const kind = sectionKinds[section];
  if (kind) {
    const choices = Object.values(kind.table).flatMap(parameters => parameters[rest[0]!] ?? []);
    const distinct = [...new Map(choices.map(schema => [JSON.stringify(schema), schema])).values()];
    return distinct.length === 1 ? { ...distinct[0]! } : { anyOf: distinct };
  }
  if (section === 'augmentation')
    return (
      augmentationLists[rest[0]!] ?? { ...augmentationSchemas[rest[0] as keyof typeof augmentationSchemas] }
    );
  return { ...schemaAt(plainSections[section as keyof typeof plainSections], rest)! };
}

/** A list of values, or labels → values. */
const valuesSchema = (path: string): EditorSchema => ({
  anyOf: [
    { type: 'array', items: valueSchema(path), minItems: 1 },
    { type: 'object', additionalProperties: valueSchema(path), minProperties: 1 },
  ],
});

const values = (path: string) => reference(`values:${path}`);

/** Values, or the same under `values` with a condition. */
const axisSchema = (path: string): EditorSchema => ({
  anyOf: [
    {
      type: 'object',
      properties: { when: reference('when'), values: values(path) },
      required: ['values'],
      additionalProperties: false,
    },
    values(path),
  ],
});

const forEachPath = (schema: (path: string) => EditorSchema): EditorSchema =>
  Object.fromEntries(settingPaths.map(path => [path, schema(path)]));

/** Names and parameters are known only for the shared trainer. */
const sharedTrainer: EditorSchema = {
  properties: {
    model: reference('model'),
    optimizer: reference('optimizer'),
    scheduler: reference('scheduler'),
    augmentation: reference('augmentation'),
    params: false,
    axes: {
      type: 'object',
      properties: {
        ...forEachPath(axisSchema),
        zip: {
          type: 'array',
          description: 'Groups of axes with equally many values that advance together',
          items: { type: 'object', properties: forEachPath(values), additionalProperties: false },
        },
      },
      additionalProperties: false,
    },
    include: {
      items: {
        properties: { labels: { type: 'object', additionalProperties: { type: 'string' } } },
        propertyNames: { enum: ['labels', ...settingPaths] },
      },
    },
  },
};

/** The schema that is committed as `grids/grid.schema.json`. */
export function gridSchema(): EditorSchema {
  const { objective, seed, data, init, train, trainer, params } = plainSections;
  const settings: Record<string, Schema> = { objective, seed, data, init, train, trainer, params };
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Grid of image-classification cells',
    type: 'object',
    properties: {
      ...gridKeySchemas,
      ...settings,
      model: { description: 'What is trained' },
      optimizer: { description: 'How its weights are changed' },
      scheduler: { description: 'How the learning rate changes; default: constant' },
      augmentation: { description: 'What is done to training images' },
      axes: { description: 'Settings → their values; the cells are the product' },
    },
    additionalProperties: false,
    if: { properties: { trainer: { type: 'object' } }, required: ['trainer'] },
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
    then: { properties: { axes: { type: 'object' } } },
    else: sharedTrainer,
    $defs: {
      ...Object.fromEntries(Object.entries(sectionKinds).map(([name, kind]) => [name, component(kind)])),
      augmentation,
      transform: component(transformKind),
      mix: component(mixKind),
      when: { type: 'object', description: 'Only for cells with these labels or values of axes above' },
      ...Object.fromEntries(settingPaths.map(path => [`values:${path}`, valuesSchema(path)])),
    },
  };
}
