/** Schema of a grid's `stopping` block. */
import { choice, mapping, type Schema } from '../../../trainer/contract/schema.js';

/** `1/9`. */
export const fractionPattern = /^\s*([1-9]\d*)\s*\/\s*([1-9]\d*)\s*$/;

const share = (description: string): Schema => ({
  type: ['string', 'number'],
  exclusiveMinimum: 0,
  pattern: fractionPattern.source,
  description,
});

export const stoppingSchema = mapping(
  'Stops cells before their end that are behind the others (see README.md). No part of a cell’s identity',
  {
    rule: choice('none', ['none', 'halving'], 'halving: at each rung the best go on'),
    rungs: {
      type: 'array',
      items: share('must be a share of the epochs such as 1/9 or 0.3, or a whole number of epochs'),
      minItems: 1,
      default: ['1/9', '1/3'],
      description: 'Where cells are compared: shares of train.epochs, rounded up, or epochs; ascending',
    },
    keep: {
      ...share('must be a share below 1, such as 1/3 or 0.5: of the configurations at a rung, rounded up'),
      default: '1/3',
    },
    after: {
      type: ['string', 'integer'],
      minimum: 0,
      pattern: '^warmup$',
      default: 'warmup',
      description:
        'must be warmup (no rung before two epochs after the warm-up, nor before epoch 3) or the first epoch at which a rung may be',
    },
    value: choice(
      'best',
      ['best', 'last', 'median3'],
      'What the objective up to a rung counts as: its best value, the last, or the median of the last three',
    ),
    margin: {
      type: ['string', 'number'],
      minimum: 0,
      pattern: '^auto$',
      default: 'auto',
      description:
        'must be auto (one standard error of the difference) or a number ≥ 0, in which the objective is measured: who is within it of those that go on goes on too',
    },
    seeds: choice(
      'together',
      ['together', 'first'],
      'together: a configuration is judged by the mean of its seeds; first: by its first seed, and the others begin once that has passed all rungs',
    ),
    within: {
      type: 'array',
      items: { type: 'string' },
      default: [],
      description: 'Axes each of whose values keeps its own share, e.g. [model, scheduler]',
    },
    never: {
      type: 'array',
      items: { type: 'object' },
      default: [],
      description: 'Partial matches, as in exclude: cells that are never stopped',
    },
    diverged: choice(
      'stop',
      ['stop', 'ignore'],
      'stop: what is NaN, or at chance level at the first rung, counts as worst and ends at once',
    ),
    idle: choice(
      'continue',
      ['continue', 'wait'],
      'Whether free slots train cells on that are still undecided; who is kept is the same',
    ),
  },
);
