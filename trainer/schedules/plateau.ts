import type { Curve } from './schedule.js';

export interface PlateauParameters {
  metric: string;
  factor: number;
  patience: number;
  threshold: number;
  thresholdMode: 'rel' | 'abs';
  cooldown: number;
  minLearningRate: number;
  epsilon: number;
}

/**
 * torch.optim.lr_scheduler.ReduceLROnPlateau, replayed over the history. Accuracies are maximized, losses minimized; a
 * metric that is missing or NaN is no improvement.
 */
export const plateau =
  (parameters: PlateauParameters): Curve =>
  ({ base, history }) => {
    const { patience, cooldown, factor, minLearningRate, epsilon } = parameters;
    const isBetter = comparison(parameters);
    let learningRate = base;
    let best: number | undefined;
    let badEpochs = 0;
    let cooldownLeft = 0;
    for (const { metrics } of history) {
      const value = metrics[parameters.metric] ?? Number.NaN;
      if (isBetter(value, best)) {
        best = value;
        badEpochs = 0;
      } else badEpochs += 1;
      if (cooldownLeft > 0) {
        cooldownLeft -= 1;
        badEpochs = 0;
      }
      if (badEpochs > patience) {
        const reduced = Math.max(learningRate * factor, minLearningRate);
        if (learningRate - reduced > epsilon) learningRate = reduced;
        cooldownLeft = cooldown;
        badEpochs = 0;
      }
    }
    return learningRate;
  };

/** Whether a value improves on the best one by more than the threshold. */
function comparison({ metric, threshold, thresholdMode }: PlateauParameters) {
  const sign = metric.endsWith('Accuracy') ? 1 : -1;
  return (value: number, best: number | undefined): boolean => {
    if (best === undefined) return Number.isFinite(value);
    const margin = thresholdMode === 'rel' ? best * threshold : threshold;
    return sign > 0 ? value > best + margin : value < best - margin;
  };
}
