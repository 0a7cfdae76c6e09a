import { describe, expect, it } from 'vitest';
import type { Engine } from '../../engine/engine.js';
import type { Ops, Tensor } from '../../engine/ops.js';
import { createGenericAttention } from '../../engine/reference/generic-attention.js';
import { windowLayout } from '../../models/shifted-windows.js';
import { goldenFile } from '../golden-file.js';
import { tensor as randomTensor } from './engine-tensors.js';
import { expectClose } from './expect-close.js';

interface Learned {
  values: number[];
  gradient: number[];
}
interface AttentionCase {
  name: string;
  shape: [number, number, number];
  heads: number;
  windows: number[][] | null;
  bias: (Learned & { shape: number[] }) | null;
  padding: Learned | null;
  factors: number[] | null;
  qkv: number[];
  y: number[];
  dy: number[];
  dqkv: number[];
}

/** PyTorch's values and gradients, and those of plain TensorFlow.js where tensors are large. */
export function attentionConformance(engine: Engine): void {
  const { tf, ops } = engine;

  describe('attention', () => {
    for (const golden of goldenFile<AttentionCase[]>('attention.json'))
      it(golden.name, () => {
        const before = tf.memory().numTensors;
        tf.tidy(() => {
          const [images, tokens, columns] = golden.shape;
          const count = golden.windows?.length ?? 1;
          const places = golden.windows ? golden.windows[0]!.length : tokens;
          const bias = golden.bias && tf.tensor(golden.bias.values, golden.bias.shape);
          const padding = tf.tensor1d(golden.padding?.values ?? new Array(columns).fill(0));
          const factorsShape = [images * count, golden.heads, places, places];
          const attend = (qkv: Tensor, padding: Tensor, bias: Tensor | undefined) =>
            ops.attention(qkv, {
              heads: golden.heads,
              ...(golden.windows && {
                windows: { count, tokens: Int32Array.from(golden.windows.flat()), padding },
              }),
              ...(bias && { bias }),
              // Made within the forward pass, as dropout does.
              ...(golden.factors && { factors: tf.tensor(golden.factors, factorsShape) }),
            });
          const qkv = tf.tensor3d(golden.qkv, golden.shape);
          const inputs = [qkv, ...(golden.padding ? [padding] : []), ...(bias ? [bias] : [])];
          const attendAll = (...given: Tensor[]) =>
            attend(given[0]!, golden.padding ? given[1]! : padding, bias ? given.at(-1) : undefined);
          const y = attendAll(...inputs);
          expect(y.shape).toEqual([images, tokens, columns / 3]);
          expectClose(y.dataSync(), golden.y, 1e-5);
          const gradients = tf.grads(attendAll)(
            inputs,
            tf.tensor3d(golden.dy, [images, tokens, columns / 3]),
          );
          expectClose(gradients[0]!.dataSync(), golden.dqkv, 1e-5);
          if (golden.padding) expectClose(gradients[1]!.dataSync(), golden.padding.gradient, 1e-5);
          if (golden.bias) expectClose(gradients.at(-1)!.dataSync(), golden.bias.gradient, 1e-5);
        });
        expect(tf.memory().numTensors).toBe(before);
      });

    it.each([
      ['of 33 images in 65 tokens', { images: 33, size: 0, window: 0, heads: 2, width: 16 }],
      ['in shifted windows of 21 images', { images: 21, size: 9, window: 4, heads: 3, width: 8 }],
      ['in padded windows of one image', { images: 1, size: 3, window: 7, heads: 2, width: 5 }],
    ])('%s agrees with plain TensorFlow.js', (_, { images, size, window, heads, width }) => {
      const before = tf.memory().numTensors;
      tf.tidy(() => {
        const columns = 3 * heads * width;
        const layout = size > 0 ? windowLayout(size, window, true) : null;
        const tokens = size > 0 ? size * size : 65;
        const places = layout ? window * window : tokens;
        const inputs = [
          [images, tokens, columns],
          [columns],
          [layout?.count ?? 1, heads, places, places],
        ].map((shape, index) => tf.mul(randomTensor(engine, shape, index + 1), 2));
        const dy = randomTensor(engine, [images, tokens, columns / 3], 9);
        const both =
          (attention: Ops['attention']) =>
          (...[qkv, padding, bias]: Tensor[]) =>
            attention(qkv!, {
              ...{ heads, bias: bias! },
              ...(layout && { windows: { count: layout.count, tokens: layout.tokens, padding: padding! } }),
            });
        const learned = layout ? inputs : [inputs[0]!, inputs[2]!];
        const run = (attention: Ops['attention']) => {
          const attend = both(attention);
          const loss = (...given: Tensor[]) =>
            layout ? attend(...given) : attend(given[0]!, inputs[1]!, given[1]!);
          const { value, grads } = tf.valueAndGrads(loss as never)(learned, dy);
          return [value, ...grads] as Tensor[];
        };
        const [actual, expected] = [run(ops.attention), run(createGenericAttention(tf))];
        for (const [index, tensor] of expected.entries())
          expectClose(actual[index]!.dataSync(), tensor.dataSync(), 2e-5);
      });
      expect(tf.memory().numTensors).toBe(before);
    });
  });
}
