/** What the stems of all convolutional models have in common. */
import { stemPadding } from '../contract/params/convnets.js';
import { type ConvolutionOptions, stateless } from './layers.js';
import type { Layer } from './model.js';

/** The parameters of contract/params/convnets.ts `stem`. */
export interface StemParameters {
  stemKernel: number;
  stemStride: number;
  stemPool: 'max' | 'adaptiveMax' | 'none';
  stemPoolSize: number;
}

export const stemConvolution = ({ stemKernel, stemStride }: StemParameters): ConvolutionOptions => ({
  kernel: stemKernel,
  stride: stemStride,
  padding: stemPadding(stemKernel, stemStride),
});

/** After the first convolution: x [N, H, W, C] → [N, H', W', C]. */
export function stemPool({ stemPool, stemPoolSize }: StemParameters): Layer {
  if (stemPool === 'none') return stateless(x => x);
  if (stemPool === 'max')
    return stateless((x, { ops }) => ops.maxPool(x, { size: 3, stride: 2, padding: 1 }));
  return stateless((x, { ops }) => ops.adaptiveMaxPool(x, stemPoolSize));
}
