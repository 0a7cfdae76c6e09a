import type { Draws } from '../../random/random.js';
import type { ImageShape } from '../image-buffer.js';
import { roundHalfToEven } from '../rounding.js';
import type { Range, TransformKind } from '../transform.js';
import type { Box } from './random-resized-crop.js';

/**
 * torchvision's RandomErasing (Zhong et al. 2017). The box is only noted here: it is filled after normalization,
 * on the device.
 */
export const randomErasing: TransformKind = {
  create(parameters, shape) {
    const { value, probability } = parameters as unknown as RandomErasingParameters;
    const scale = parameters.scale as Range;
    const ratio = parameters.ratio as Range;
    const fill = value === 'random' ? null : Float32Array.from([value].flat().slice(0, shape.channels));
    const box: Box = { top: 0, left: 0, height: 0, width: 0 };
    return {
      apply(image, draws) {
        if (draws.uniform() >= probability || !drawErasedBox(draws, shape, scale, ratio, box)) return;
        const noise = () => draws.fillNormal(new Float32Array(box.height * box.width * shape.channels));
        image.erased.push({ ...box, fill: fill ?? noise() });
      },
    };
  },
};

interface RandomErasingParameters {
  probability: number;
  value: number | number[] | 'random';
}

const attempts = 10;

/**
 * `RandomErasing.get_params` of torchvision: area uniform in `scale`, log(height / width) uniform in log(`ratio`).
 * Writes to `box`; false where ten boxes didn't fit, or the box is empty: nothing is erased then.
 */
export function drawErasedBox(
  draws: Draws,
  { height, width }: ImageShape,
  scale: Range,
  ratio: Range,
  box: Box,
): boolean {
  const logLow = Math.log(ratio[0]);
  const logHigh = Math.log(ratio[1]);
  for (let attempt = 0; attempt < attempts; attempt++) {
    const area = height * width * draws.between(scale[0], scale[1]);
    const aspect = Math.exp(draws.between(logLow, logHigh));
    box.height = roundHalfToEven(Math.sqrt(area * aspect));
    box.width = roundHalfToEven(Math.sqrt(area / aspect));
    if (box.height >= height || box.width >= width) continue;
    box.top = draws.integer(height - box.height + 1);
    box.left = draws.integer(width - box.width + 1);
    return box.height > 0 && box.width > 0;
  }
  return false;
}
