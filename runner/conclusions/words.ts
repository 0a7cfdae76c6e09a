/** Numbers of claims as sentences have them. */
import type { Objective } from '../domain/metric.js';
import type { Claim, Price } from '../statistics/claim.js';
import { formatDuration } from '../text/times.js';

/** Accuracies are told in points of a hundred. */
const isShare = ({ metric }: Objective) => metric.endsWith('Accuracy');

/** Two digits that count, of accuracies tenths of a point at least. */
function decimalsOf(size: number, share: boolean): number {
  const least = share ? 1 : 0;
  if (size === 0 || !Number.isFinite(size)) return share ? 1 : 2;
  return Math.min(20, Math.max(least, 1 - Math.floor(Math.log10(size))));
}

/**
 * How much better: `+2.1 points [0.9, 3.3]`; of other metrics `0.021 lower [0.009, 0.033]`. Positive is better, whichever the
 * direction.
 */
export function describeGain(
  gain: number,
  interval: readonly [number, number] | null,
  objective: Objective,
): string {
  const share = isShare(objective);
  const scale = share ? 100 : 1;
  const decimals = decimalsOf(Math.abs(gain) * scale, share);
  const figure = (value: number) => {
    const text = (value * scale).toFixed(decimals);
    return Number(text) === 0 ? text.replace('-', '') : text;
  };
  const range = interval === null ? '' : ` [${figure(interval[0])}, ${figure(interval[1])}]`;
  if (share) return `${gain < 0 ? '' : '+'}${figure(gain)} points${range}`;
  const way = gain < 0 === (objective.direction === 'maximize') ? 'lower' : 'higher';
  return `${figure(Math.abs(gain))} ${way}${range}`;
}

/** `p = 0.006`, `p < 0.0001`. */
export function describeP(p: number): string {
  if (p < 0.0001) return 'p < 0.0001';
  return `p = ${p >= 0.1 ? p.toFixed(2) : p >= 0.001 ? p.toFixed(3) : p.toFixed(4)}`;
}

/** `3 more seeds each, 1 h 40 min`. */
export function describePrice({ seeds, runs, seconds }: Price): string {
  const time = seconds === null ? `${runs} runs` : formatDuration(seconds);
  return `${seeds} more ${seeds === 1 ? 'seed' : 'seeds'} each, ${time}`;
}

/** The sentence, and what it would cost to decide it. */
export const describeClaim = ({ text, price }: Claim): string =>
  price === undefined ? text : `${text}; to tell: ${describePrice(price)}`;
