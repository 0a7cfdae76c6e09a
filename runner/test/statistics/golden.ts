import { readFileSync } from 'node:fs';

export type Numbers = readonly number[];
export type Point = readonly (number | null)[];

/** What `golden/generate.py` wrote; read from the sources: it isn't compiled. */
export const golden = JSON.parse(
  readFileSync(new URL('../../../../runner/test/statistics/golden/statistics.json', import.meta.url), 'utf8'),
) as Record<
  | 'polygamma'
  | 'normalCdf'
  | 'normalQuantile'
  | 'tCdf'
  | 'tQuantile'
  | 'fUpperTail'
  | 'studentizedRangeCdf'
  | 'studentizedRangeQuantile'
  | 'binomialTest'
  | 'wilsonInterval'
  | 'clopperPearsonInterval'
  | 'mcNemar',
  readonly Point[]
> & {
  groups: readonly Numbers[];
  pooledVariance: readonly [number, number];
  brownForsythe: number;
  tukeyKramer: readonly (readonly [number, number, number])[];
  welch: readonly (readonly [number, number, number])[];
  differences: readonly Numbers[];
  signFlip: Numbers;
  pairedInterval: readonly (readonly [number, number, number])[];
  fisher: readonly (readonly [readonly [number, number], readonly [number, number], number])[];
  holm: readonly (readonly [Numbers, Numbers])[];
  runs: readonly { a: string; b: string; c: string; value: number }[];
  mainEffects: readonly (readonly [string, number, number])[];
  interactions: readonly (readonly [string, number, number])[];
  theilSen: readonly (readonly [Numbers, Numbers, readonly [number, number, number]])[];
};
