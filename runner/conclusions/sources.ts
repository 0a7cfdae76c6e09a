/** Where claims come from. Adding one: an entry here; the ids of its claims begin with its name. */
import type { Claim } from '../statistics/claim.js';
import type { StoreReader } from '../store/run-store.js';
import { comparedAgain } from './compare/compare.js';
import type { PredictionsOf } from './compare/images.js';
import { confirmationClaims } from './confirmation.js';
import { claimsOfEffects, readEffects } from './effects/effects.js';
import { expectationClaims } from './expectations.js';
import { suggestionsOf } from './suggestions/suggestions.js';

export interface ClaimSource {
  /** All that it says of a grid by itself: one page, adjusted together. @throws StoreError `unknownGrid` */
  claims(store: StoreReader, grid: string): Claim[];
  /** One that it says only when asked, of the same subject as `kept`; null: it can't be said any more. */
  again?(store: StoreReader, grid: string, kept: Claim, predictionsOf: PredictionsOf): Claim | null;
}

export const sources: Readonly<Record<string, ClaimSource>> = {
  compare: { claims: () => [], again: comparedAgain },
  effects: { claims: (store, grid) => claimsOfEffects(readEffects(store, { grid })) },
  expectations: { claims: expectationClaims },
  confirmation: { claims: confirmationClaims },
  suggestions: { claims: (store, grid) => suggestionsOf(store, grid).map(({ claim }) => claim) },
};
