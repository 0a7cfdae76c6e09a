import type { Objective } from '../../domain/metric.js';
import type { CellCurves } from '../../readings/curves.js';
import type { Family } from '../../readings/families.js';
import type { Claim } from '../../statistics/claim.js';

/** What the next grid would have otherwise. */
export type Change =
  /** `epochs`, `patience`: what it was. */
  | { kind: 'moreEpochs'; epochs: number }
  | { kind: 'regularize' }
  | { kind: 'morePatience'; patience: number }
  /** One value more of a numeric axis, beyond the end where the best one lies. */
  | { kind: 'extend'; axis: string; value: number; beside: string; end: 'low' | 'high' }
  | { kind: 'drop'; axis: string; label: string };

/** What evidence alone says could have helped. */
export interface Suggestion {
  claim: Claim;
  advice: string;
  change: Change;
  /** Of whose model; null: of the whole grid. */
  model: string | null;
}

/** What the rules look at. */
export interface Evidence {
  grid: string;
  objective: Objective;
  /** Those with a value, the best first. */
  families: readonly RankedFamily[];
}

export interface RankedFamily extends Family {
  /** Mean over its seeds at their best epochs. */
  value: number;
  curves: readonly CellCurves[];
}

/** A rule: an entry of `rules` in suggestions.ts. */
export type Rule = (evidence: Evidence) => Suggestion[];

/** 1 where more is better, else -1. */
export const signOf = ({ direction }: Objective): 1 | -1 => (direction === 'maximize' ? 1 : -1);

/** Of what can't be told from chance nothing follows yet. */
export const withAdvice = ({ claim, advice }: Suggestion): { claim: Claim; advice: string } => ({
  claim,
  advice: claim.verdict === 'holds' ? advice : 'This can’t be told from chance: nothing follows from it yet.',
});
