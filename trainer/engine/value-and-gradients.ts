import type { Scalar, TensorContainer } from '@tensorflow/tfjs-core';
import type { Tensor, TensorFlow } from './ops.js';

/**
 * JAX's `value_and_grad` with `has_aux`: the loss that `f` computes, its gradients with respect to its inputs, times `scale`, and
 * whatever else `f` returns. The value and the gradients belong to the surrounding `tidy`, the tensors of `aux` to the caller.
 */
export function valueAndGradients<Aux extends TensorContainer>(
  tf: TensorFlow,
  f: (inputs: Record<string, Tensor>) => { loss: Tensor; aux: Aux },
  inputs: Record<string, Tensor>,
  scale = 1,
): { value: Tensor; gradients: Record<string, Tensor>; aux: Aux } {
  const names = Object.keys(inputs);
  const named = (tensors: readonly Tensor[]) =>
    Object.fromEntries(names.map((name, index) => [name, tensors[index]!]));
  let aux: Aux | undefined;
  const loss = (...tensors: Tensor[]) => {
    const result = f(named(tensors));
    aux = result.aux;
    // TensorFlow.js tidies up behind the forward pass, and knows nothing of a second result.
    for (const tensor of tf.tensor_util.getTensorsInContainer(aux)) tf.keep(tensor);
    return result.loss as Scalar;
  };
  try {
    const dy = scale === 1 ? undefined : tf.scalar(scale);
    const { value, grads } = tf.valueAndGrads(loss)(Object.values(inputs), dy);
    return { value, gradients: named(grads), aux: aux! };
  } catch (error) {
    if (aux !== undefined) tf.dispose(aux);
    throw error;
  }
}
