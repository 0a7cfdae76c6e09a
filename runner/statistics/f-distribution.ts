import { regularizedBeta } from './special-functions.js';

/** P(F > f) of Fisher's F: the p-value of an analysis of variance. Infinity has p 0. */
export function fUpperTail(f: number, numeratorDf: number, denominatorDf: number): number {
  if (f === Number.POSITIVE_INFINITY) return 0;
  return f <= 0
    ? 1
    : regularizedBeta(denominatorDf / (denominatorDf + numeratorDf * f), denominatorDf / 2, numeratorDf / 2);
}

/** Distribution of Fisher's F. */
export const fCdf = (f: number, numeratorDf: number, denominatorDf: number): number =>
  1 - fUpperTail(f, numeratorDf, denominatorDf);
