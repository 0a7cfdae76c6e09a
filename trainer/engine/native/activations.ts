import { customGradient } from '../custom-gradient.js';
import type { Ops, Tensor, TensorFlow } from '../ops.js';
import type { Id } from './blocks.js';
import { type Chain, createChains } from './chains.js';

/** An activation: its value and what its gradient needs, and that gradient. */
interface Activation {
  /** [y, …saved] */
  forward(chain: Chain, x: Id): Id[];
  /** Of x, `saved` and dy. */
  gradient(chain: Chain, x: Id, saved: Id[], dy: Id): Id;
}

/**
 * Activations by TensorFlow's kernels. Each pass over a large tensor costs its memory above all, so that they are
 * written for few passes.
 */
export function createActivations(tf: TensorFlow): Pick<Ops, 'silu' | 'hardSwish'> {
  const chains = createChains(tf);
  const differentiable = ({ forward, gradient }: Activation) =>
    customGradient(tf, (...parts) => {
      const x = parts[0] as Tensor;
      const [y, ...saved] = chains([x], (chain, [x]) => forward(chain, x!));
      (parts[1] as (tensors: Tensor[]) => void)([x, ...saved]);
      return {
        value: y!,
        gradFunc: (dy: Tensor, kept: Tensor[]) =>
          chains([dy, ...kept], (chain, [dy, x, ...others]) => [gradient(chain, x!, others, dy!)])[0]!,
      };
    });

  /** x · σ, σ = sigmoid(x); its slope is σ + x · σ (1 - σ). */
  const silu = differentiable({
    forward({ run }, x) {
      const sigmoid = run('Sigmoid', [x]);
      return [run('Mul', [x, sigmoid]), sigmoid];
    },
    gradient({ run }, x, [sigmoid], dy) {
      const throughSigmoid = run('Mul', [x, run('SigmoidGrad', [sigmoid!, dy])]);
      return run('AddV2', [run('Mul', [dy, sigmoid!]), throughSigmoid]);
    },
  });

  /** x · gate / 6, gate = min(max(x + 3, 0), 6). */
  const hardSwish = differentiable({
    forward({ run, filled }, x) {
      const gate = run('Relu6', [run('AddV2', [x, filled([], 3)])]);
      return [run('Mul', [run('Mul', [x, gate]), filled([], 1 / 6)]), gate];
    },
    gradient({ run, filled }, x, [gate], dy) {
      // The gate tells as much as x + 3 does: where it is between 0 and 6 it has a slope.
      const throughGate = run('Relu6Grad', [run('Mul', [dy, x]), gate!]);
      return run('Mul', [run('AddV2', [run('Mul', [dy, gate!]), throughGate]), filled([], 1 / 6)]);
    },
  });

  return { silu: x => silu(x), hardSwish: x => hardSwish(x) };
}
