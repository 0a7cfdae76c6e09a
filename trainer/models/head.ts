/** The classifier: [dropout, linear, ReLU]… dropout, linear. */
import { dropout } from './dropout.js';
import type { Initializer } from './initializers.js';
import { linear, sequential, stateless } from './layers.js';
import type { Layer } from './model.js';

/** Parameters of the head that all models have. */
export interface HeadParameters {
  dropout: number;
  hiddenLayers: readonly number[];
}

const relu = stateless((x, { ops }) => ops.relu(x));

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
    initialize?: (width: number) => { weight?: Initializer; bias?: Initializer };
  } & Pick<HeadParameters, 'dropout' | 'hiddenLayers'>,
): Layer {
  const { input, classes, hiddenLayers, place } = options;
  const widths = [input, ...hiddenLayers, classes];
  const count = widths.length - 1;
  const plain = count === 1 && place === undefined;
  const layers = Array.from({ length: count }, (_, index) => {
    const own = plain ? name : `${name}.${3 * index + (place ?? 1)}`;
    const width = widths[index + 1]!;
    const dense = linear(own, widths[index]!, width, options.initialize?.(width));
    const regularized = options.dropout > 0 ? [dropout(own, options.dropout), dense] : [dense];
    return index < count - 1 ? [...regularized, relu] : regularized;
  });
  return sequential(layers.flat());
}
