/** The classifier: [dropout, linear, ReLU]… dropout, linear. */
import { dropout } from './dropout.js';
import { linear, sequential } from './layers.js';
import type { Layer } from './model.js';

const relu: Layer = { entries: [], forward: (x, context) => context.ops.relu(x) };

/**
 * x [N, input] → logits [N, classes].
 *
 * Without hidden layers its state is `fc.weight`, `fc.bias` as in torchvision. With them it is named like
 * `model.fc = nn.Sequential(Dropout, Linear, ReLU, Dropout, Linear, …)`: `fc.1.weight`, `fc.4.weight`, …
 */
export function classifierHead(options: {
  input: number;
  classes: number;
  hiddenLayers: readonly number[];
  dropout: number;
}): Layer {
  const widths = [options.input, ...options.hiddenLayers, options.classes];
  const count = widths.length - 1;
  const layers = Array.from({ length: count }, (_, index) => {
    const name = count === 1 ? 'fc' : `fc.${3 * index + 1}`;
    const dense = linear(name, widths[index]!, widths[index + 1]!);
    const regularized = options.dropout > 0 ? [dropout(name, options.dropout), dense] : [dense];
    return index < count - 1 ? [...regularized, relu] : regularized;
  });
  return sequential(layers.flat());
}
