/** Claims as data within a report's page, and the way back. A cell that many claims rest on is written once. */
import {
  anyText,
  integer,
  listOf,
  natural,
  number,
  oneOf,
  orNull,
  shape,
  text,
} from '../../../trainer/contract/shape.js';
import { checkedJson } from '../../../trainer/files/checked-json.js';
import { GridfarmError } from '../../domain/error.js';
import type { Claim, Price } from '../../statistics/claim.js';

export interface KeptClaims {
  /** Whose claims they are. */
  grid: string;
  claims: readonly Claim[];
}

interface Packed {
  version: number;
  grid: string;
  cells: string[];
  /** `cells`: indexes. */
  claims: (Omit<Claim, 'cells'> & { cells: number[] })[];
}

const packed = shape<Packed>({
  version: integer,
  grid: text,
  cells: listOf(text),
  claims: listOf(
    shape<Packed['claims'][number]>(
      {
        ...{ id: text, kind: text, text: anyText, verdict: oneOf(['holds', 'undecided']) },
        ...{
          estimate: orNull(number),
          p: orNull(number),
          adjustedP: orNull(number),
          n: number,
          unit: anyText,
        },
        interval: { type: ['array', 'null'], items: number, minItems: 2, maxItems: 2 },
        ...{ cells: listOf(natural), command: anyText },
        price: shape<Price>({ seeds: natural, runs: natural, seconds: orNull(number) }),
      },
      ['price'],
    ),
  ),
});

const opening = '<script type="application/json" id="claims">';

/** An element that no browser runs. */
export function claimsElement({ grid, claims }: KeptClaims): string {
  const places = new Map<string, number>();
  const place = (cell: string) => {
    const known = places.get(cell);
    if (known !== undefined) return known;
    places.set(cell, places.size);
    return places.size - 1;
  };
  const own = claims.map(claim => ({ ...claim, cells: claim.cells.map(place) }));
  const kept: Packed = { version: 1, grid, cells: [...places.keys()], claims: own };
  // A text of others can't end the element.
  return `${opening}${JSON.stringify(kept).replaceAll('<', '\\u003c')}</script>`;
}

/** @throws GridfarmError where the file is no report, or its claims can't be read */
export function readClaims(html: string, file: string): KeptClaims {
  const start = html.indexOf(opening);
  const end = html.indexOf('</script>', start);
  if (start < 0 || end < 0)
    throw new GridfarmError('usage', `${file}: holds no claims; it must be a page of \`grid report\``);
  let kept: Packed;
  try {
    kept = checkedJson<Packed>(html.slice(start + opening.length, end), packed, `${file}: its claims`);
  } catch (cause) {
    throw new GridfarmError('usage', (cause as Error).message, { cause });
  }
  const claims = kept.claims.map(claim => ({
    ...claim,
    cells: claim.cells.map(cell => kept.cells[cell] ?? '?'),
  }));
  return { grid: kept.grid, claims: claims as Claim[] };
}
