import { truncatedNormal } from './initializers.js';
import { layerNorm, tensorOf } from './layers.js';
import type { Layer, StateEntry } from './model.js';

/**
 * Swin's way to half the size: the four tokens of each square become one of twice the width. [N, size², width] →
 * [N, ⌈size / 2⌉², 2·width]; an odd map gets zeros at its end first.
 */
export function patchMerging(name: string, width: number, size: number): Layer {
  const reduction: StateEntry = {
    name: `${name}.reduction.weight`,
    role: 'parameter',
    shape: [2 * width, 4 * width],
    layout: 'plain',
    initialize: truncatedNormal(0.02),
  };
  const norm = layerNorm(`${name}.norm`, 4 * width, 1e-5);
  const half = Math.ceil(size / 2);
  return {
    entries: [reduction, ...norm.entries],
    forward(x, context) {
      const { tf, ops } = context;
      const images = x.shape[0]!;
      const surplus: [number, number] = [0, size % 2];
      const map = tf.reshape(x, [images, size, size, width]);
      const even = size % 2 === 0 ? map : tf.pad(map, [[0, 0], surplus, surplus, [0, 0]]);
      // Of each square the left column comes first, as in torchvision.
      const squares = tf.transpose(tf.reshape(even, [images * half, 2, half, 2, width]), [0, 2, 3, 1, 4]);
      const merged = norm.forward(tf.reshape(squares, [images, half * half, 4 * width]), context);
      return ops.linear(merged, tensorOf(context, reduction.name));
    },
  };
}
