import type { AugmentationSpec, Component } from '../contract/run-spec.js';
import { ParameterError } from './transform.js';

/** (x / 255 - mean) / standardDeviation, per channel: arrays of length C. */
export interface Normalization {
  mean: number[];
  standardDeviation: number[];
}

/** How the device normalizes training and validation images: by the `normalize` transform, else x / 255. */
export function normalizationOf(augmentation: AugmentationSpec, channels: number): Normalization {
  const normalize = augmentation.transforms.find(({ name }) => name === 'normalize');
  if (normalize) return channelStatistics(normalize, channels);
  return { mean: new Array(channels).fill(0), standardDeviation: new Array(channels).fill(1) };
}

/** The parameters of `normalize` for so many channels. Throws a ParameterError where there are too few values. */
export function channelStatistics(normalize: Component, channels: number): Normalization {
  return {
    mean: perChannel(normalize, 'mean', channels),
    standardDeviation: perChannel(normalize, 'standardDeviation', channels),
  };
}

function perChannel(normalize: Component, name: string, channels: number): number[] {
  const values = normalize[name] as number[];
  if (values.length === 1) return new Array(channels).fill(values[0]);
  if (values.length < channels)
    throw new ParameterError(name, `expected 1 or ${channels} values, got ${values.length}`);
  return values.slice(0, channels);
}
