import type { Standing } from '../../domain/stored.js';

/** Completed cells of one family; label `model` is the family's name. */
export function standing(family: string, values: number[], difference: Partial<Standing> = {}): Standing {
  return {
    family,
    state: 'completed',
    cells: values.map((_, i) => `${family}${i}`),
    labels: { model: family, seed: '0' },
    values,
    bestEpoch: 3,
    epochs: 5,
    lastValue: 0.5,
    trainValue: 0.9,
    seconds: 10,
    validationImages: null,
    epochsAsked: 5,
    shortCells: 0,
    fewestEpochs: 0,
    nanCells: 0,
    endedInNaN: 0,
    failures: [],
    staleCells: 0,
    staleReasons: [],
    ...difference,
  };
}
