/** The inverted residual block (Sandler et al. 2018) with squeeze and excitation, as EfficientNet and MobileNetV3 have it. */
import { kaimingNormal } from './initializers.js';
import {
  type Activation,
  batchNorm,
  type ConvolutionOptions,
  convolution,
  depthwiseConvolution,
  sequential,
} from './layers.js';
import type { Layer } from './model.js';
import { type SqueezeOptions, squeezeExcitation } from './squeeze-excitation.js';
import { stochasticDepth } from './stochastic-depth.js';

/** BatchNorm2d's settings, one set for the whole model. */
interface NormSettings {
  momentum?: number;
  epsilon?: number;
}

interface ConvolutionNorm extends ConvolutionOptions {
  input: number;
  output: number;
  activation?: Activation;
  norm: NormSettings;
}

/** torchvision's Conv2dNormActivation: `name.0` the convolution, `name.1` the batch norm. */
export function convolutionNorm(name: string, { activation, norm, ...options }: ConvolutionNorm): Layer {
  return sequential([
    convolution(`${name}.0`, options),
    batchNorm(`${name}.1`, options.output, { ...norm, activation }),
  ]);
}

export interface InvertedResidualOptions {
  input: number;
  /** Channels of the depthwise convolution. */
  expanded: number;
  output: number;
  kernel: number;
  stride: number;
  activation: Activation;
  norm: NormSettings;
  /** Squeeze and excitation behind the depthwise convolution, where there is one. */
  squeeze?: Omit<SqueezeOptions, 'channels'>;
  /** Probability of leaving the block out. */
  dropRate: number;
}

/**
 * Expansion by 1×1 (where it widens), depthwise convolution, squeeze and excitation, projection by 1×1 without
 * activation; x is added where shapes are alike.
 */
export function invertedResidual(name: string, options: InvertedResidualOptions): Layer {
  const { input, expanded, output, kernel, stride, activation, norm, squeeze, dropRate } = options;
  const parts = [
    ...(expanded === input
      ? []
      : [
          (own: string) =>
            convolutionNorm(own, { input, output: expanded, kernel: 1, stride: 1, activation, norm }),
        ]),
    (own: string) =>
      sequential([
        depthwiseConvolution(`${own}.0`, {
          channels: expanded,
          kernel,
          stride,
          // torch counts a depthwise filter's fan-out as all channels × kernel area.
          initialize: kaimingNormal(expanded * kernel * kernel),
        }),
        batchNorm(`${own}.1`, expanded, { ...norm, activation }),
      ]),
    ...(squeeze ? [(own: string) => squeezeExcitation(own, { ...squeeze, channels: expanded })] : []),
    (own: string) => convolutionNorm(own, { input: expanded, output, kernel: 1, stride: 1, norm }),
  ];
  const body = sequential(parts.map((build, index) => build(`${name}.block.${index}`)));
  if (stride !== 1 || input !== output) return body;
  const branch = sequential([body, stochasticDepth(name, dropRate)]);
  return {
    entries: body.entries,
    forward: (x, context) => context.tf.add(branch.forward(x, context), x),
  };
}
