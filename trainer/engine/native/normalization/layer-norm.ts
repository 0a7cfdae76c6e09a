import { customGradient } from '../../custom-gradient.js';
import type { Ops, Tensor, TensorFlow } from '../../ops.js';
import type { Block, Blocks, Id } from '../blocks.js';

/** Layer normalization in blocks of rows. Mean and deviation of each row are kept for the gradient, as in PyTorch. */
export function createLayerNorm(tf: TensorFlow, blocks: Blocks): Ops['layerNorm'] {
  const standardized = (block: Block, x: Id, mean: Id, inverse: Id) =>
    block.run('Mul', [block.run('Sub', [x, mean]), inverse]);

  function forward(x: Tensor, scale: Tensor, offset: Tensor, epsilon: number): Tensor[] {
    return blocks.map({ inputs: [x], shared: [scale, offset] }, (block, [x], [scale, offset]) => {
      const mean = block.rowMeans(x!);
      const variance = block.rowMeans(block.run('SquaredDifference', [x!, mean]));
      const inverse = block.run('Rsqrt', [block.run('AddV2', [variance, block.scalar(epsilon)])]);
      const scaled = block.run('Mul', [standardized(block, x!, mean, inverse), scale!]);
      return { rows: [block.run('AddV2', [scaled, offset!]), mean, inverse] };
    });
  }

  /** [dx, dScale, dOffset]: dx = inverse · (g − mean(g) − x̂ · mean(g x̂)) with g = dy · scale. */
  function backward([x, mean, inverse, scale]: Tensor[], dy: Tensor): Tensor[] {
    const inputs = [x!, dy, mean!, inverse!];
    return blocks.map({ inputs, shared: [scale!] }, (block, [x, dy, mean, inverse], [scale]) => {
      const normalized = standardized(block, x!, mean!, inverse!);
      const inner = block.run('Mul', [dy!, scale!]);
      const slope = block.rowMeans(block.run('Mul', [inner, normalized]));
      const level = block.run('Sub', [inner, block.rowMeans(inner)]);
      const centred = block.run('Sub', [level, block.run('Mul', [normalized, slope])]);
      const scaleGradient = block.columnSums(block.run('Mul', [dy!, normalized]));
      return {
        rows: [block.run('Mul', [centred, inverse!])],
        sums: [scaleGradient, block.columnSums(dy!)],
      };
    });
  }

  const normalize = (epsilon: number) =>
    customGradient(tf, (...parts) => {
      const [x, scale, offset] = parts as Tensor[] as [Tensor, Tensor, Tensor];
      const [y, mean, inverse] = forward(x, scale, offset, epsilon);
      (parts[3] as unknown as (saved: Tensor[]) => void)([x, mean!, inverse!, scale]);
      return {
        value: tf.reshape(y!, x.shape),
        gradFunc: (dy: Tensor, saved: Tensor[]) => {
          const [dx, ...sums] = backward(saved, dy);
          return [tf.reshape(dx!, dy.shape), ...sums];
        },
      };
    });
  return (x, scale, offset, epsilon) => normalize(epsilon)(x, scale, offset);
}
