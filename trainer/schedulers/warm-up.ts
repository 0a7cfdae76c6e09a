import type { Schedule } from './schedule.js';

/**
 * SequentialLR([LinearLR(start_factor, total_iters=warmupEpochs), schedule], milestones=[warmupEpochs]): the inner
 * schedule begins, with its own epoch 0 and history, when the warm-up ends.
 */
export function withWarmUp(
  { warmupEpochs, warmupStartFactor }: { warmupEpochs: number; warmupStartFactor: number },
  schedule: Schedule,
): Schedule {
  return moment => {
    const { epoch, epochs, base, history } = moment;
    if (epoch < warmupEpochs)
      return base * (warmupStartFactor + ((1 - warmupStartFactor) * epoch) / warmupEpochs);
    return schedule({
      base,
      epoch: epoch - warmupEpochs,
      epochs: epochs - warmupEpochs,
      history: history.slice(warmupEpochs),
    });
  };
}
