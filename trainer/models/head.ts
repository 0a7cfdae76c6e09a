/** The end of a convolutional model: its last map to features, and the classifier: [dropout, linear, ReLU]… dropout, linear. */
import type { Tensor } from '../engine/ops.js';
import { dropout } from './dropout.js';
import type { Initializer } from './initializers.js';
import { linear, sequential, stateless } from './layers.js';
import type { ForwardContext, Layer } from './model.js';

/** Parameters of the head that all models have. */
export interface HeadParameters {
  dropout: number;
  hiddenLayers: readonly number[];
}

/** Those of the convolutional models: contract/params/convnets.ts `head`. */
export interface PooledHeadParameters extends HeadParameters {
  pool: 'average' | 'max' | 'adaptiveMax' | 'averageMax';
  poolSize: number;
}

type PoolParameters = Pick<PooledHeadParameters, 'pool' | 'poolSize'>;

const relu = stateless((x, { ops }) => ops.relu(x));

/** [N, size, size, C] → [N, C · size²], in the order of PyTorch's `flatten` of [N, C, size, size]. */
const flatten = (x: Tensor, { tf }: ForwardContext): Tensor =>
  tf.reshape(x.shape[1] === 1 ? x : tf.transpose(x, [0, 3, 1, 2]), [x.shape[0]!, -1]);

/** Features that `headPool` makes of a map with so many channels. */
export const pooledFeatures = (channels: number, { pool, poolSize }: PoolParameters): number =>
  pool === 'adaptiveMax' ? channels * poolSize ** 2 : channels;

/** x [N, H, W, C] → features [N, C], of `adaptiveMax` [N, C · poolSize²]. */
export function headPool({ pool, poolSize }: PoolParameters): Layer {
  const average: Layer['forward'] = (x, { ops }) => ops.globalAveragePool(x);
  const max =
    (size: number): Layer['forward'] =>
    (x, context) =>
      flatten(context.ops.adaptiveMaxPool(x, size), context);
  const both: Layer['forward'] = (x, context) =>
    context.tf.mul(context.tf.add(average(x, context), max(1)(x, context)), 0.5);
  return stateless({ average, max: max(1), adaptiveMax: max(poolSize), averageMax: both }[pool]);
}

/** The layer that makes logits of features. */
const ofClasses = ({ entries, forward }: Layer): Layer => ({
  entries: entries.map(entry => ({ ...entry, ofClasses: true })),
  forward(features, context) {
    context.onFeatures?.(features);
    return forward(features, context);
  },
});

/**
 * x [N, input] → logits [N, classes].
 *
 * `name` is the state dict's for the classifier. Where the reference has a plain linear layer of that name, its state is
 * `fc.weight`, `fc.bias`; with hidden layers it is named like `fc = nn.Sequential(Dropout, Linear, ReLU, Dropout, Linear,
 * …)`: `fc.1.weight`, `fc.4.weight`, … `place`: that of the first linear layer where the reference has a Sequential.
 */
export function classifier(
  name: string,
  options: {
    input: number;
    classes: number;
    place?: number;
    /** Initial values of a linear layer by its number of outputs and whether it gives the logits. */
    initialize?: (width: number, isLast: boolean) => { weight?: Initializer; bias?: Initializer };
  } & Pick<HeadParameters, 'dropout' | 'hiddenLayers'>,
): Layer {
  const { input, classes, hiddenLayers, place } = options;
  const widths = [input, ...hiddenLayers, classes];
  const count = widths.length - 1;
  const plain = count === 1 && place === undefined;
  const layers = Array.from({ length: count }, (_, index) => {
    const own = plain ? name : `${name}.${3 * index + (place ?? 1)}`;
    const width = widths[index + 1]!;
    const isLast = index === count - 1;
    const dense = linear(own, widths[index]!, width, options.initialize?.(width, isLast));
    const layer = isLast ? ofClasses(dense) : dense;
    const regularized = options.dropout > 0 ? [dropout(own, options.dropout), layer] : [layer];
    return isLast ? regularized : [...regularized, relu];
  });
  return sequential(layers.flat());
}
