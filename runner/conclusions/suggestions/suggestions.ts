/** What could have helped, from evidence alone. */
import { holm } from '../../statistics/several-claims.js';
import type { StoreReader } from '../../store/run-store.js';
import { readEvidence } from './evidence.js';
import { extendAxis } from './extend-axis.js';
import { moreEpochs } from './more-epochs.js';
import { morePatience } from './more-patience.js';
import { neverWon } from './never-won.js';
import { regularize } from './regularize.js';
import type { Rule, Suggestion } from './suggestion.js';

/** Adding one: a file and a line. */
const rules: readonly Rule[] = [moreEpochs, regularize, morePatience, extendAxis, neverWon];

const significance = 0.05;

/** By rule; their p-values are adjusted together. @throws StoreError `unknownGrid` */
export function suggestionsOf(store: StoreReader, grid: string): Suggestion[] {
  const found = store.snapshot(() => {
    const evidence = readEvidence(store, grid);
    return rules.flatMap(rule => rule(evidence));
  });
  const tested = found.filter(({ claim }) => claim.p !== null);
  const adjusted = new Map(holm(tested.map(({ claim }) => claim.p!)).map((p, i) => [tested[i]!.claim.id, p]));
  return found.map(suggestion => {
    const adjustedP = adjusted.get(suggestion.claim.id) ?? null;
    const isUndecided = adjustedP !== null && adjustedP >= significance;
    const verdict = isUndecided ? ('undecided' as const) : suggestion.claim.verdict;
    return { ...suggestion, claim: { ...suggestion.claim, adjustedP, verdict } };
  });
}
