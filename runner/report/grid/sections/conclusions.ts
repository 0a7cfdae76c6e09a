import { withAdvice } from '../../../conclusions/suggestions/suggestion.js';
import type { Claim } from '../../../statistics/claim.js';
import { formatMean } from '../../../text/numbers.js';
import { type Block, heading, number, type ReportSection, text } from '../blocks.js';
import { labelsText, type ReportReading } from '../read-report.js';

const mostRows = 10;
const mostClaims = 60;

/** Sources whose claims have a section of their own. */
const elsewhere = ['suggestions', 'confirmation', 'expectations'];
const sourceOf = ({ id }: Claim) => id.split('/', 1)[0]!;

/** What the axes do. */
export function effectsSection({ claims, grid }: ReportReading): ReportSection {
  const own = claims.filter(claim => !elsewhere.includes(sourceOf(claim)));
  const shown = [
    ...own.filter(({ verdict }) => verdict === 'holds'),
    ...own.filter(({ verdict }) => verdict !== 'holds'),
  ].slice(0, mostClaims);
  return {
    id: 'effects',
    title: 'Effects',
    blocks: [
      ...(own.length === 0
        ? [
            text(
              'Nothing can be compared: it takes two values of an axis, each with results that differ in it alone.',
            ),
          ]
        : [{ type: 'claims' as const, claims: shown.map(claim => ({ claim })) }]),
      ...(shown.length < own.length
        ? [
            text(
              `${shown.length} of ${own.length} comparisons; \`grid effects ${JSON.stringify(grid.name)}\` has all.`,
            ),
          ]
        : []),
    ],
  };
}

/** Fresh seeds of the first settings; null: none has come to a result. */
export function confirmationSection({ claims }: ReportReading): ReportSection | null {
  const own = claims.filter(claim => sourceOf(claim) === 'confirmation');
  if (own.length === 0) return null;
  return {
    id: 'confirmation',
    title: 'Confirmation',
    blocks: [
      text(
        'Settings that may be the best, trained again with seeds that had no part in choosing them (grid confirm). Whoever is chosen for its values was lucky, too: these values alone say how good a setting is.',
      ),
      { type: 'claims', claims: own.map(claim => ({ claim })) },
    ],
  };
}

/** What was expected before the runs; null: nobody said anything. */
export function expectationsSection({ claims }: ReportReading): ReportSection | null {
  const own = claims.filter(claim => sourceOf(claim) === 'expectations');
  if (own.length === 0) return null;
  return {
    id: 'expectations',
    title: 'Expectations',
    blocks: [
      text('Written down before the cells were trained, and scored by what came out.'),
      { type: 'claims', claims: own.map(claim => ({ claim })) },
    ],
  };
}

/** What to take away, and what to try next. */
export function conclusionsSection({ board, suggestions }: ReportReading): ReportSection {
  const rows = board.rows.filter(({ value }) => value !== null).slice(0, mostRows);
  const next = suggestions.filter(({ model }) => model === null);
  const table: Block[] =
    rows.length === 0
      ? [text('There is no result to conclude from.')]
      : [
          heading('Final table'),
          {
            type: 'table',
            caption: `The first ${rows.length} of ${board.rows.length} settings`,
            columns: [
              { name: 'rank', isNumber: true },
              { name: 'setting' },
              { name: board.objective.metric, isNumber: true },
              { name: 'rests on' },
            ],
            rows: rows.map(({ rank, labels, value, std, restsOn }) => [
              number(rank, String),
              labelsText(labels) || '–',
              { text: formatMean(value, std), order: value },
              restsOn,
            ]),
          },
        ];
  return {
    id: 'conclusions',
    title: 'Conclusions',
    blocks: [
      ...table,
      ...(next.length === 0
        ? []
        : [heading('What could have helped'), { type: 'claims' as const, claims: next.map(withAdvice) }]),
      ...(suggestions.length === 0
        ? [text('No rule finds evidence for another setting.')]
        : [
            text(
              'grid next writes the next grid by these suggestions and those of the models, as far as they hold.',
            ),
          ]),
    ],
  };
}
