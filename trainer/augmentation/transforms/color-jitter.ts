import type { Component } from '../../contract/run-spec.js';
import { shuffle } from '../../random/random.js';
import type { ImageBuffer } from '../image-buffer.js';
import { adjustBrightness, adjustContrast, adjustSaturation } from '../operations/enhance.js';
import { adjustHue } from '../operations/hue.js';
import type { Range, TransformKind } from '../transform.js';

interface Adjustment {
  adjust: (image: ImageBuffer, factor: number) => void;
  range: Range;
  /** The factor that changes nothing. */
  neutral: number;
}

/** torchvision's ColorJitter on PIL images: each adjustment once, in a random order. */
export const colorJitter: TransformKind = {
  create(parameters) {
    const adjustments = [
      adjustment(adjustBrightness, parameters, 'brightness', 1),
      adjustment(adjustContrast, parameters, 'contrast', 1),
      adjustment(adjustSaturation, parameters, 'saturation', 1),
      adjustment(adjustHue, parameters, 'hue', 0),
    ].filter(({ range, neutral }) => range.some(factor => factor !== neutral));
    const order = Int32Array.from(adjustments.keys());
    return {
      apply(image, draws) {
        // Begins from the same order each time: what becomes of an image doesn't depend on those before it.
        for (let i = 0; i < order.length; i++) order[i] = i;
        shuffle(order, draws);
        for (let i = 0; i < order.length; i++) {
          const { adjust, range } = adjustments[order[i]!]!;
          adjust(image, draws.between(range[0], range[1]));
        }
      },
    };
  },
};

/** A number x is the range of x around `neutral`, without negative factors. */
function adjustment(
  adjust: Adjustment['adjust'],
  parameters: Component,
  name: string,
  neutral: 0 | 1,
): Adjustment {
  const value = parameters[name] as number | Range;
  if (typeof value !== 'number') return { adjust, range: value, neutral };
  const low = neutral - value;
  return { adjust, range: [neutral === 1 ? Math.max(low, 0) : low, neutral + value], neutral };
}
