import { describe, expect, it } from 'vitest';
import { ensembleLoss, fitEnsembleWeights } from '../../inference/ensemble-weights.js';

describe('the weights of an ensemble', () => {
  it('go to the model that is better everywhere', () => {
    const weights = fitEnsembleWeights([Float32Array.of(0.9, 0.8, 0.9), Float32Array.of(0.2, 0.3, 0.1)]);
    expect(weights[0]).toBeGreaterThan(0.999);
    expect(weights[0]! + weights[1]!).toBeCloseTo(1, 12);
  });

  it('are equal for models that know different things', () => {
    const weights = fitEnsembleWeights([Float32Array.of(0.9, 0.1), Float32Array.of(0.1, 0.9)]);
    expect(weights[0]).toBeCloseTo(0.5, 6);
  });

  it('have the smallest loss of a fine search', () => {
    const ofLabel = [Float32Array.of(0.9, 0.2, 0.4, 0.7), Float32Array.of(0.5, 0.6, 0.3, 0.5)];
    const fitted = ensembleLoss(fitEnsembleWeights(ofLabel), ofLabel);
    const searched = Array.from({ length: 1001 }, (_, i) => ensembleLoss([i / 1000, 1 - i / 1000], ofLabel));
    expect(fitted).toBeLessThanOrEqual(Math.min(...searched) + 1e-6);
  });

  it('survive a model that gives a label no chance', () => {
    const weights = fitEnsembleWeights([Float32Array.of(0, 0.5), Float32Array.of(0, 0.4)]);
    expect(weights.every(Number.isFinite)).toBe(true);
  });
});
