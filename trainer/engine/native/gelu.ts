import { customGradient } from '../custom-gradient.js';
import type { Ops, Tensor, TensorFlow } from '../ops.js';
import type { Block, Blocks, Id } from './blocks.js';

/** GELU in blocks of rows; the gradient is Φ(x) + x φ(x), φ the normal density. */
export function createGelu(tf: TensorFlow, blocks: Blocks): Ops['gelu'] {
  /** 1 + erf(x / √2) = 2 Φ(x) */
  const twiceDistribution = (block: Block, x: Id): Id => {
    const erf = block.run('Erf', [block.run('Mul', [x, block.scalar(Math.SQRT1_2)])]);
    return block.run('AddV2', [erf, block.scalar(1)]);
  };
  /** 2 φ(x) */
  const twiceDensity = (block: Block, x: Id): Id => {
    const exponent = block.run('Mul', [block.run('Square', [x]), block.scalar(-0.5)]);
    return block.run('Mul', [block.run('Exp', [exponent]), block.scalar(Math.sqrt(2 / Math.PI))]);
  };

  const gelu = customGradient(tf, (...parts) => {
    const x = parts[0] as Tensor;
    (parts[1] as (saved: Tensor[]) => void)([x]);
    const [y] = blocks.map({ inputs: [x] }, (block, [x]) => {
      const half = block.run('Mul', [x!, block.scalar(0.5)]);
      return { rows: [block.run('Mul', [half, twiceDistribution(block, x!)])] };
    });
    return {
      value: tf.reshape(y!, x.shape),
      gradFunc: (dy: Tensor, [saved]: Tensor[]) => {
        const [dx] = blocks.map({ inputs: [saved!, dy] }, (block, [x, dy]) => {
          const curved = block.run('Mul', [x!, twiceDensity(block, x!)]);
          const slope = block.run('AddV2', [twiceDistribution(block, x!), curved]);
          const half = block.run('Mul', [dy!, block.scalar(0.5)]);
          return { rows: [block.run('Mul', [half, slope])] };
        });
        return tf.reshape(dx!, saved!.shape);
      },
    };
  });
  return x => gelu(x);
}
