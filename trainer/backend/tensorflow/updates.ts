import type { Updates, VariableSet } from '../engine.js';
import { gradientOf } from '../generic-updates.js';
import type { Tensor, TensorFlow } from '../ops.js';
import { booleanAttribute, float32, type Kernels } from './kernels.js';
import { ResourceVariableSet } from './resource-variables.js';

function resources(variables: VariableSet): ResourceVariableSet {
  if (variables instanceof ResourceVariableSet) return variables;
  throw new Error('these variables belong to another engine: make them with `variables` of the native one');
}

/** Optimizer steps by TensorFlow's fused `ResourceApply…` kernels, in place, with PyTorch's rules. */
export function createNativeUpdates(tf: TensorFlow, kernels: Kernels): Updates {
  const scalar = (value: number) => tf.scalar(value, 'float32');

  /** gradient + weightDecay * value: the L2 penalty's share. */
  function decayed(parameters: ResourceVariableSet, name: string, gradient: Tensor, weightDecay: number) {
    if (weightDecay === 0) return gradient;
    return tf.add(gradient, tf.mul(parameters.value(name), scalar(weightDecay)));
  }

  /** variable -= rate · direction. */
  function descend(variables: ResourceVariableSet, name: string, rate: Tensor, direction: Tensor) {
    variables.release(name);
    kernels.runMany('ResourceApplyGradientDescent', [float32], [variables.handle(name), rate, direction], 0);
  }

  return {
    sgd(parameterSet, momentumSet, gradients, options) {
      const { learningRate, momentum, dampening, nesterov, weightDecay, first } = options;
      const parameters = resources(parameterSet);
      const buffers = momentumSet && resources(momentumSet);
      const rate = tf.scalar(learningRate);
      const apply = (name: string) => {
        if (!buffers) {
          const gradient = decayed(parameters, name, gradientOf(gradients, name), weightDecay);
          descend(parameters, name, rate, gradient);
          return;
        }
        // The first buffer is the gradient itself (it starts from zeros), later ones take (1 - dampening) of it.
        const share = first ? 1 : 1 - dampening;
        const inBuffer = weightDecay > 0 && !nesterov;
        // momentum · (buffer + penalty / momentum) = momentum · buffer + penalty: one pass in place, not two out of it.
        if (inBuffer)
          descend(buffers, name, scalar((-weightDecay * share) / momentum), parameters.value(name));
        const gradient = inBuffer
          ? gradientOf(gradients, name)
          : decayed(parameters, name, gradientOf(gradients, name), weightDecay);
        for (const set of [parameters, buffers]) set.release(name);
        kernels.runMany(
          'ResourceApplyMomentum',
          [float32, booleanAttribute('use_nesterov', nesterov)],
          [
            parameters.handle(name),
            buffers.handle(name),
            rate,
            share === 1 ? gradient : tf.mul(gradient, share),
            scalar(momentum),
          ],
          0,
        );
      };
      for (const name of parameters.names) tf.tidy(() => apply(name));
      rate.dispose();
    },

    adam(parameterSet, moments, gradients, options) {
      const { step, learningRate, epsilon, weightDecay, decoupled } = options;
      const parameters = resources(parameterSet);
      const first = resources(moments.first);
      const second = resources(moments.second);
      // Bias corrections in double precision, of the decay rates as float32 holds them. TensorFlow's kernel is
      // told that there is nothing to correct; PyTorch adds epsilon to the corrected root, hence its scaling.
      const [beta1, beta2] = options.betas.map(Math.fround) as [number, number];
      const correction1 = 1 - beta1 ** step;
      const correction2 = Math.sqrt(1 - beta2 ** step);
      const apply = (name: string) => {
        let gradient = gradientOf(gradients, name);
        if (decoupled) parameters.scale(name, 1 - learningRate * weightDecay);
        else gradient = decayed(parameters, name, gradient, weightDecay);
        for (const set of [parameters, first, second]) set.release(name);
        kernels.runMany(
          'ResourceApplyAdam',
          [float32],
          [
            parameters.handle(name),
            first.handle(name),
            second.handle(name),
            scalar(0),
            scalar(0),
            scalar((learningRate * correction2) / correction1),
            scalar(beta1),
            scalar(beta2),
            scalar(epsilon * correction2),
            gradient,
          ],
          0,
        );
      };
      for (const name of parameters.names) tf.tidy(() => apply(name));
    },
  };
}
