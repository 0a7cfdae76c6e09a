import type { Updates, VariableSet } from './engine.js';
import type { Tensor, TensorFlow } from './ops.js';

type SgdOptions = Parameters<Updates['sgd']>[3];
type AdamOptions = Parameters<Updates['adam']>[3];

/** The gradient of a parameter; an error names one that is missing. */
export function gradientOf(gradients: Record<string, Tensor>, name: string): Tensor {
  const gradient = gradients[name];
  if (!gradient) throw new Error(`no gradient for parameter ${name}`);
  return gradient;
}

/** PyTorch's update rules as TensorFlow.js operations. The gradients stay the caller's. */
export function createGenericUpdates(tf: TensorFlow): Updates {
  const plus = (x: Tensor, factor: number, y: Tensor) => (factor === 0 ? x : tf.add(x, tf.mul(y, factor)));

  /** torch.optim.SGD: returns the new parameter and, with momentum, its new buffer. */
  function sgdStep(parameter: Tensor, buffer: Tensor | undefined, gradient: Tensor, options: SgdOptions) {
    const { learningRate, momentum, dampening, nesterov, weightDecay, first } = options;
    const decayed = plus(gradient, weightDecay, parameter);
    if (!buffer) return [plus(parameter, -learningRate, decayed)];
    const next = first
      ? tf.clone(decayed)
      : tf.add(tf.mul(buffer, momentum), dampening === 0 ? decayed : tf.mul(decayed, 1 - dampening));
    const direction = nesterov ? plus(decayed, momentum, next) : next;
    return [plus(parameter, -learningRate, direction), next];
  }

  /** torch.optim.Adam and AdamW: returns the new parameter and its moments. */
  function adamStep(
    parameter: Tensor,
    first: Tensor,
    second: Tensor,
    gradient: Tensor,
    options: AdamOptions,
  ): [Tensor, Tensor, Tensor] {
    const { step, learningRate, betas, epsilon, weightDecay, decoupled } = options;
    const [beta1, beta2] = betas;
    const decayed = decoupled ? gradient : plus(gradient, weightDecay, parameter);
    const start =
      decoupled && weightDecay > 0 ? tf.mul(parameter, 1 - learningRate * weightDecay) : parameter;
    const mean = tf.add(tf.mul(first, beta1), tf.mul(decayed, 1 - beta1));
    const square = tf.add(tf.mul(second, beta2), tf.mul(tf.square(decayed), 1 - beta2));
    const denominator = tf.add(tf.div(tf.sqrt(square), Math.sqrt(1 - beta2 ** step)), epsilon);
    const stepSize = learningRate / (1 - beta1 ** step);
    return [tf.sub(start, tf.mul(tf.div(mean, denominator), stepSize)), mean, square];
  }

  return {
    sgd(parameters, momentumBuffers, gradients, options) {
      const values = parameters.read();
      const buffers = momentumBuffers?.read();
      for (const name of parameters.names) {
        const [value, buffer] = tf.tidy(() =>
          sgdStep(values[name]!, buffers?.[name], gradientOf(gradients, name), options),
        );
        assign(parameters, name, value);
        if (momentumBuffers) assign(momentumBuffers, name, buffer);
      }
    },
    adam(parameters, moments, gradients, options) {
      const values = parameters.read();
      const first = moments.first.read();
      const second = moments.second.read();
      for (const name of parameters.names) {
        const [value, mean, square] = tf.tidy(() =>
          adamStep(values[name]!, first[name]!, second[name]!, gradientOf(gradients, name), options),
        );
        assign(parameters, name, value);
        assign(moments.first, name, mean);
        assign(moments.second, name, square);
      }
    },
  };
}

function assign(variables: VariableSet, name: string, value: Tensor | undefined) {
  if (!value) throw new Error(`no value for variable ${name}`);
  variables.assign(name, value);
}
