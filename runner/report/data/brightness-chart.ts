import type { ChannelStatistics } from '../../../trainer/contract/data-report.js';
import { type Color, css } from '../colors.js';
import { chart, plotArea, round } from '../svg/chart.js';
import { linearScale } from '../svg/scale.js';

/** Names and colours of three channels, and of one. */
export const channelNames = (count: number): { name: string; color: Color }[] =>
  count === 3
    ? (['red', 'green', 'blue'] as const).map(name => ({ name, color: name }))
    : [{ name: 'grey', color: 'faint' }];

/** How often each brightness comes in each channel, in percent of the training images' values. */
export function brightnessChart(channels: readonly ChannelStatistics[]): string {
  const { left, right, top, bottom } = plotArea;
  const shares = channels.map(({ histogram }) => {
    const total = histogram.reduce((sum, count) => sum + count, 0);
    return histogram.map(count => (100 * count) / total);
  });
  // A value that stands out (a black background) would flatten all others.
  const highest = Math.max(...shares.map(share => [...share].sort((a, b) => b - a)[4] ?? 0));
  const y = linearScale(highest * 1.1, [bottom, top]);
  const at = (value: number) => left + (value / 255) * (right - left);
  const names = channelNames(channels.length);
  const line = (share: readonly number[], color: Color) => {
    const points = share.map((value, i) => `${round(at(i))} ${round(Math.max(top, y(value)))}`);
    return `<path d="M${points.join('L')}" fill="none" stroke="${css(color)}" stroke-width="1.6"/>`;
  };
  return chart({
    title: 'Brightness of the training images',
    xTitle: 'value',
    yTitle: 'percent of the values',
    x: [0, 51, 102, 153, 204, 255].map(value => ({ position: at(value), label: `${value}` })),
    y,
    legend: names.map(({ name, color }) => ({ label: name, color })),
    marks: shares.map((share, channel) => line(share, names[channel]!.color)),
    description: 'Histogram of the values of each channel',
  });
}
