/** Every model by name with its parameters, and the image sizes that it can take. */
import { choice, integer, number, type Parameters } from '../schema.js';
import { belowOne } from './bounds.js';
import { transformerProblem, transformers } from './transformers.js';

const resnet = (width: number, stem: { kernel: number; stride: number; pool: string }): Parameters => ({
  width: integer(width, { minimum: 1, maximum: 1024 }, 'Channels of the first stage'),
  stemKernel: integer(stem.kernel, { minimum: 1, maximum: 11 }, 'Kernel size of the first convolution (odd)'),
  stemStride: integer(stem.stride, { minimum: 1, maximum: 4 }, 'Stride of the first convolution'),
  stemPool: choice(
    stem.pool,
    ['max', 'adaptiveMax', 'none'],
    'After the first convolution: 3×3 max pooling with stride 2, adaptive max pooling to `stemPoolSize`, or nothing',
  ),
  stemPoolSize: integer(20, { minimum: 1 }, 'Height and width after an `adaptiveMax` stem pool'),
  dropout: number(0, belowOne, 'Dropout before each linear layer of the head'),
  hiddenLayers: {
    type: 'array',
    default: [],
    items: { type: 'integer', minimum: 1 },
    maxItems: 8,
    description: 'Widths of extra linear layers (each with ReLU) before the last one',
  },
});

const imagenetResnet = resnet(64, { kernel: 7, stride: 2, pool: 'max' });

export const models = {
  resnet18: imagenetResnet,
  resnet34: imagenetResnet,
  resnet50: imagenetResnet,
  /** The CIFAR ResNet of He et al. 2015, section 4.2: 3 stages of 3 basic blocks. */
  resnet20: resnet(16, { kernel: 3, stride: 1, pool: 'none' }),
  ...transformers,
} satisfies Record<string, Parameters>;

export type ModelName = keyof typeof models;

/**
 * Why a model can't take images of this size, or undefined if it can.
 *
 * A ResNet needs one pixel to be left before its last stage, and odd stem kernels.
 */
export function modelProblem(
  model: { name: string; [key: string]: unknown },
  imageSize: number,
): string | undefined {
  if (!Object.hasOwn(models, model.name)) return undefined;
  if (Object.hasOwn(transformers, model.name)) return transformerProblem(model, imageSize);
  const { stemKernel, stemStride, stemPool, stemPoolSize } = model as unknown as Record<string, number> & {
    stemPool: string;
  };
  if (stemKernel! % 2 === 0) return `stemKernel must be odd, got ${stemKernel}`;
  const stem = Math.ceil(imageSize / stemStride!);
  if (stemPool === 'adaptiveMax' && stemPoolSize! > stem)
    return `stemPoolSize ${stemPoolSize} is larger than the ${stem}×${stem} map that the stem leaves of ${imageSize}×${imageSize} images`;
  const pooled = stemPool === 'max' ? Math.ceil(stem / 2) : stemPool === 'adaptiveMax' ? stemPoolSize! : stem;
  const halvings = model.name === 'resnet20' ? 2 : 3;
  const smallest = 2 ** halvings / 2;
  if (pooled <= smallest / 2)
    return `images of ${imageSize}×${imageSize} are too small: the stem leaves ${pooled}×${pooled}, which is 1×1 before the last stage; use a smaller stemStride or stemPool: none`;
  return undefined;
}
