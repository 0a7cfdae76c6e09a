import { customGradient } from '../../custom-gradient.js';
import type { Ops, Tensor, TensorFlow } from '../../ops.js';
import type { Id } from '../blocks.js';
import { type Chain, createChains } from '../chains.js';

/** Operations that combine images with one value a channel, whose gradients sum over the pixels. */
export function createChannelOps(tf: TensorFlow): Pick<Ops, 'addBias' | 'scaleChannels'> {
  const chains = createChains(tf);

  const addBias = customGradient(tf, (...parts) => {
    const [x, bias] = parts as Tensor[];
    const [value] = chains([x!, bias!], ({ run }, inputs) => [run('BiasAdd', inputs)]);
    return {
      value: value!,
      gradFunc: (dy: Tensor) => [dy, chains([dy], ({ run }, [dy]) => [run('BiasAddGrad', [dy!])])[0]!],
    };
  });

  /** x [N,H,W,C] · factor [N,C] as [N,H·W,C] · [N,1,C]: broadcasting is fast with few axes. */
  function scaled({ run, reshape }: Chain, [x, factor]: [Id, Id], shape: readonly number[]): Id {
    const [batch, , , channels] = shape as [number, number, number, number];
    const pixels = reshape(x, [batch, -1, channels]);
    return reshape(run('Mul', [pixels, reshape(factor, [batch, 1, channels])]), shape);
  }
  const scaleChannels = customGradient(tf, (...parts) => {
    const [x, scale] = parts as Tensor[];
    (parts[2] as (saved: Tensor[]) => void)([x!, scale!]);
    const { shape } = x!;
    const [value] = chains([x!, scale!], (chain, [x, scale]) => [scaled(chain, [x!, scale!], shape)]);
    return {
      value: value!,
      gradFunc(dy: Tensor, saved: Tensor[]) {
        const [dx, products] = chains([dy, ...saved], (chain, [dy, x, scale]) => [
          scaled(chain, [dy!, scale!], shape),
          chain.reshape(chain.run('Mul', [dy!, x!]), [shape[0]!, -1, shape[3]!]),
        ]);
        return [dx!, tf.sum(products!, 1)];
      },
    };
  });

  return {
    addBias: (x, bias) => addBias(x, bias),
    scaleChannels: (x, scale) => scaleChannels(x, scale),
  };
}
