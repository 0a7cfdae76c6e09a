import type { Ops, Tensor, TensorFlow } from '../ops.js';
import { float32, type Kernels } from './kernels.js';

/** An activation: its value and what its gradient needs, and that gradient. */
interface Activation {
  forward(x: Tensor): { y: Tensor; saved: Tensor[] };
  gradient(dy: Tensor, saved: Tensor[]): Tensor;
}

/**
 * Activations by TensorFlow's kernels. Each pass over a large tensor costs its memory above all, so that they are
 * written for few passes.
 */
export function createActivations(
  tf: TensorFlow,
  kernels: Kernels,
): Pick<Ops, 'relu' | 'silu' | 'hardSwish'> {
  const run = (name: string, ...inputs: Tensor[]) => kernels.run(name, [float32], inputs);
  const differentiable = ({ forward, gradient }: Activation) =>
    tf.customGrad((x, save) => {
      const { y, saved } = forward(x as Tensor);
      (save as (tensors: Tensor[]) => void)(saved);
      return { value: y, gradFunc: (dy: Tensor, kept: Tensor[]) => gradient(dy, kept) };
    });

  const relu = differentiable({
    forward(x) {
      const y = run('Relu', x);
      return { y, saved: [y] };
    },
    gradient: (dy, [y]) => run('ReluGrad', dy, y!),
  });

  const silu = differentiable({
    forward(x) {
      const sigmoid = run('Sigmoid', x);
      return { y: run('Mul', x, sigmoid), saved: [x, sigmoid] };
    },
    gradient: (dy, [x, sigmoid]) =>
      run('AddV2', run('Mul', dy, sigmoid!), run('Mul', x!, run('SigmoidGrad', sigmoid!, dy))),
  });

  const hardSwish = differentiable({
    forward(x) {
      const shifted = run('AddV2', x, tf.scalar(3));
      const gate = run('Mul', run('Relu6', shifted), tf.scalar(1 / 6));
      return { y: run('Mul', x, gate), saved: [x, shifted, gate] };
    },
    gradient(dy, [x, shifted, gate]) {
      const throughGate = run('Mul', run('Relu6Grad', run('Mul', dy, x!), shifted!), tf.scalar(1 / 6));
      return run('AddV2', run('Mul', dy, gate!), throughGate);
    },
  });

  return { relu: x => relu(x), silu: x => silu(x), hardSwish: x => hardSwish(x) };
}
