import { defaultAugmentation, defaultData, defaultObjective, defaultTrain } from '../../contract/defaults.js';
import { models, optimizers, schedulers, transforms } from '../../contract/params.js';
import type { RunSpec } from '../../contract/run-spec.js';
import type { Parameters } from '../../contract/schema.js';

type Changes = { [K in keyof RunSpec]?: Partial<RunSpec[K]> };

/** A component with the defaults of its table. */
function component(table: Record<string, Parameters>, name: string, parameters: object) {
  const defaults = Object.entries(table[name]!).map(([key, schema]) => [key, schema.default]);
  return { name, ...Object.fromEntries(defaults), ...parameters };
}

/** A RunSpec that trains a tiny ResNet-20 for a few epochs; `changes` are laid over it. */
export function runSpec(changes: Changes = {}): RunSpec {
  const { model, optimizer, scheduler, ...rest } = changes;
  return {
    version: 1,
    seed: 1,
    params: {},
    trainer: null,
    init: null,
    model: component(models, model?.name ?? 'resnet20', { width: 4, ...model }),
    optimizer: component(optimizers, optimizer?.name ?? 'adamw', { learningRate: 0.01, ...optimizer }),
    scheduler: component(schedulers, scheduler?.name ?? 'cosine', { ...scheduler }),
    ...(rest as object),
    objective: { ...defaultObjective, ...rest.objective },
    augmentation: {
      ...defaultAugmentation,
      transforms: [component(transforms, 'normalize', {})],
      ...rest.augmentation,
    },
    train: { ...defaultTrain, epochs: 4, batchSize: 8, ...rest.train },
    data: {
      ...defaultData,
      name: 'test',
      format: 'folder',
      root: '/nowhere',
      images: null,
      ...rest.data,
    },
  };
}
