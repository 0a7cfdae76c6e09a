import { cosineBetween } from './cosine.js';
import type { Curve, Curves } from './schedule.js';

interface OneCycle {
  pctStart: number;
  annealStrategy: 'cos' | 'linear';
  cycleMomentum: boolean;
  baseMomentum: number;
  maxMomentum: number;
  divFactor: number;
  finalDivFactor: number;
  threePhase: boolean;
}

/**
 * torch.optim.lr_scheduler.OneCycleLR (Smith & Topin 2018) over all ticks: up to the base learning rate and down far
 * below the first one, while the momentum goes the other way.
 */
export const oneCycle = (parameters: OneCycle): Curves => {
  const { divFactor, finalDivFactor, threePhase, baseMomentum, maxMomentum } = parameters;
  const learningRate: Curve = moment => {
    const initial = moment.base / divFactor;
    const last = initial / finalDivFactor;
    const { base } = moment;
    return along(threePhase ? [initial, base, initial, last] : [initial, base, last], parameters, moment);
  };
  if (!parameters.cycleMomentum) return learningRate;
  const momenta = [maxMomentum, baseMomentum, maxMomentum, ...(threePhase ? [maxMomentum] : [])];
  return { learningRate, momentum: moment => along(momenta, parameters, moment) };
};

/** The value between the corners; there is one phase fewer than corners. */
function along(
  corners: readonly number[],
  { pctStart, threePhase, annealStrategy }: OneCycle,
  { tick, ticks }: { tick: number; ticks: number },
): number {
  const peak = pctStart * ticks - 1;
  const ends = threePhase ? [peak, 2 * pctStart * ticks - 2, ticks - 1] : [peak, ticks - 1];
  const found = ends.findIndex(end => tick <= end);
  const phase = found < 0 ? ends.length - 1 : found;
  const start = phase === 0 ? 0 : ends[phase - 1]!;
  const length = ends[phase]! - start;
  // A phase without length (the peak is the first tick) is over when it begins.
  const progress = length > 0 ? (tick - start) / length : 1;
  const [from, to] = [corners[phase]!, corners[phase + 1]!];
  return annealStrategy === 'cos' ? cosineBetween(from, to, progress) : from + (to - from) * progress;
}
