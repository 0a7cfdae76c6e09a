import type { ChannelStatistics } from '../../contract/data-report.js';
import type { Dataset } from '../dataset.js';

/** Brightness of the training images, each channel alone: exact, since they are counted as bytes. */
export function channelStatistics({
  images,
  train,
  height,
  width,
  channels,
}: Pick<Dataset, 'images' | 'train' | 'height' | 'width' | 'channels'>): ChannelStatistics[] {
  const length = height * width * channels;
  const counts = Array.from({ length: channels }, () => new Float64Array(256));
  for (const place of train)
    for (let channel = 0; channel < channels; channel++) {
      const histogram = counts[channel]!;
      const end = (place + 1) * length;
      for (let at = place * length + channel; at < end; at += channels) histogram[images[at]!]!++;
    }
  return counts.map(statisticsOf);
}

function statisticsOf(histogram: Float64Array): ChannelStatistics {
  let count = 0;
  let sum = 0;
  let squares = 0;
  histogram.forEach((times, value) => {
    count += times;
    sum += times * value;
    squares += times * value * value;
  });
  const mean = sum / count;
  const variance = Math.max(0, squares / count - mean * mean);
  return { mean: mean / 255, standardDeviation: Math.sqrt(variance) / 255, histogram: [...histogram] };
}
