import type { Draws } from '../../random/random.js';
import type { ImageShape } from '../image-buffer.js';
import { type Region, Resizer } from '../resize.js';
import { roundHalfToEven } from '../rounding.js';
import type { Range, TransformKind } from '../transform.js';

/** torchvision's RandomResizedCrop on PIL images: of the original if there is one, to the image's own size. */
export const randomResizedCrop: TransformKind = {
  create(parameters, shape) {
    const scale = parameters.scale as Range;
    const ratio = parameters.ratio as Range;
    const nearest = parameters.interpolation === 'nearest';
    const resizer = new Resizer(shape.height, shape.width, shape.channels);
    const box: Box = { top: 0, left: 0, height: 0, width: 0 };
    const region: Region = { ...box, pixels: new Uint8Array(0), rowLength: shape.width };
    return {
      apply(image, draws) {
        const { original } = image;
        drawCropBox(draws, original ?? shape, scale, ratio, box);
        region.pixels = original?.pixels ?? image.pixels;
        region.rowLength = original?.rowLength ?? shape.width;
        image.original = null;
        region.top = box.top;
        region.left = box.left;
        region.height = box.height;
        region.width = box.width;
        if (nearest) resizer.nearest(region, image.spare);
        else resizer.bilinear(region, image.spare);
        image.swap();
      },
    };
  },
};

/** A box in pixels. */
export interface Box {
  top: number;
  left: number;
  height: number;
  width: number;
}

const attempts = 10;

/**
 * `RandomResizedCrop.get_params` of torchvision: area uniform in `scale`, log(width / height) uniform in
 * log(`ratio`), the largest central box within `ratio` after ten boxes that don't fit. Writes to `box`.
 */
export function drawCropBox(
  draws: Draws,
  { height, width }: ImageShape | Region,
  scale: Range,
  ratio: Range,
  box: Box,
): void {
  const logLow = Math.log(ratio[0]);
  const logHigh = Math.log(ratio[1]);
  for (let attempt = 0; attempt < attempts; attempt++) {
    const area = height * width * draws.between(scale[0], scale[1]);
    const aspect = Math.exp(draws.between(logLow, logHigh));
    box.width = roundHalfToEven(Math.sqrt(area * aspect));
    box.height = roundHalfToEven(Math.sqrt(area / aspect));
    if (box.width > 0 && box.width <= width && box.height > 0 && box.height <= height) {
      box.top = draws.integer(height - box.height + 1);
      box.left = draws.integer(width - box.width + 1);
      return;
    }
  }
  box.height = height;
  box.width = width;
  if (width / height < ratio[0]) box.height = roundHalfToEven(width / ratio[0]);
  else if (width / height > ratio[1]) box.width = roundHalfToEven(height * ratio[1]);
  box.top = Math.floor((height - box.height) / 2);
  box.left = Math.floor((width - box.width) / 2);
}
