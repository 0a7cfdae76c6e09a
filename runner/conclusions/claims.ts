/** All that is claimed of a grid, and whether what was claimed before still holds. */
import type { Claim } from '../statistics/claim.js';
import type { StoreReader } from '../store/run-store.js';
import type { PredictionsOf } from './compare/images.js';
import { sources } from './sources.js';

/**
 * Everything that the store's rows allow to be said of a grid, computed anew. `kept`: claims of before, those among them that are
 * said only when they are asked for (two cells compared) are computed, too, with what `predictionsOf` their cells is kept.
 *
 * @throws StoreError `unknownGrid`
 */
export function claimsOf(
  store: StoreReader,
  grid: string,
  kept: readonly Claim[] = [],
  predictionsOf: PredictionsOf = () => null,
): Claim[] {
  return store.snapshot(() => {
    const said = Object.values(sources).flatMap(({ claims }) => claims(store, grid));
    const ids = new Set(said.map(({ id }) => id));
    const asked = kept
      .filter(({ id }) => !ids.has(id))
      .flatMap(claim => sourceOf(claim)?.again?.(store, grid, claim, predictionsOf) ?? []);
    return [...said, ...asked];
  });
}

const sourceOf = ({ id }: Claim) => new Map(Object.entries(sources)).get(id.split('/', 1)[0]!);

export interface Difference {
  /** `gone`: nothing of the kind can be said any more. `overturned`: it held and doesn't, or the other way. `changed`: other numbers. */
  kind: 'gone' | 'overturned' | 'changed';
  kept: Claim;
  /** Null: gone. */
  now: Claim | null;
}

/** Claims of before that would be put otherwise now. What is claimed now and wasn't before is no difference. */
export function verifyClaims(kept: readonly Claim[], now: readonly Claim[]): Difference[] {
  const byId = new Map(now.map(claim => [claim.id, claim]));
  return kept.flatMap((claim): Difference[] => {
    const found = byId.get(claim.id);
    if (found === undefined) return [{ kind: 'gone', kept: claim, now: null }];
    if (found.verdict !== claim.verdict || signOf(found) !== signOf(claim))
      return [{ kind: 'overturned', kept: claim, now: found }];
    return isSame(claim, found) ? [] : [{ kind: 'changed', kept: claim, now: found }];
  });
}

/** Which side is better matters to what holds alone. */
const signOf = ({ verdict, estimate }: Claim) => (verdict === 'holds' ? Math.sign(estimate ?? 0) : 0);

const numbersOf = ({ estimate, interval, p, adjustedP, n }: Claim): (number | null)[] => {
  const [low, high] = interval ?? [null, null];
  return [estimate, low, high, p, adjustedP, n];
};

/** Another machine's last digits are no difference. */
const tolerance = 1e-9;

function isSame(a: Claim, b: Claim): boolean {
  const others = numbersOf(b);
  const areNear = numbersOf(a).every((value, i) => {
    const other = others[i]!;
    if (value === null || other === null) return value === other;
    return Math.abs(value - other) <= tolerance * Math.max(1, Math.abs(value));
  });
  return areNear && a.text === b.text && a.cells.join() === b.cells.join();
}
