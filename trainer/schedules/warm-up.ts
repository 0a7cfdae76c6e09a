import { linear } from './linear.js';
import type { Curve } from './schedule.js';

/**
 * SequentialLR([LinearLR(start_factor, total_iters=warmup), curve], milestones=[warmup]): the inner curve begins, with
 * its own tick 0 and history, when the warm-up ends.
 */
export function withWarmUp(
  curve: Curve,
  warmUp: { epochs: number; ticks: number; startFactor: number },
): Curve {
  const rise = linear({ startFactor: warmUp.startFactor, endFactor: 1, totalIters: warmUp.ticks });
  return moment => {
    const { tick, ticks, history } = moment;
    if (tick < warmUp.ticks) return rise(moment);
    return curve({
      ...moment,
      tick: tick - warmUp.ticks,
      ticks: ticks - warmUp.ticks,
      history: history.slice(warmUp.epochs),
    });
  };
}
