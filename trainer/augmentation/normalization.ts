import type { AugmentationSpec, Component } from '../contract/run-spec.js';

/** (x / 255 - mean) / standardDeviation, per channel: arrays of length C. */
export interface Normalization {
  mean: number[];
  standardDeviation: number[];
}

/** How the device normalizes training and validation images: by the `normalize` transform, else x / 255. */
export function normalizationOf(augmentation: AugmentationSpec, channels: number): Normalization {
  const normalize = augmentation.transforms.find(({ name }) => name === 'normalize');
  if (normalize)
    return {
      mean: perChannel(normalize, 'mean', channels),
      standardDeviation: perChannel(normalize, 'standardDeviation', channels),
    };
  return { mean: new Array(channels).fill(0), standardDeviation: new Array(channels).fill(1) };
}

/** `mean` or `standardDeviation` for so many channels. */
function perChannel(normalize: Component, name: string, channels: number): number[] {
  const values = normalize[name] as number[];
  return values.length === 1 ? new Array(channels).fill(values[0]) : values.slice(0, channels);
}
