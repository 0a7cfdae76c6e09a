/** Weights that a run keeps, by what users call them; only runs with averaged weights have all. */
export const weightsKinds = ['best', 'last', 'ema', 'last-ema'] as const;
export type WeightsKind = (typeof weightsKinds)[number];
