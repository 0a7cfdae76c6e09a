/** What `grid embed` found, for people. */
import type { EmbedAnswer, Neighbourhood } from '../../trainer/contract/inference.js';
import { formatCount, formatFixed } from '../text/numbers.js';
import { textTable } from '../text/table.js';

export function embeddingLines(
  { ids, dimensions, quality, neighbourhoods }: EmbedAnswer,
  { cellId, out, page }: { cellId: string; out: string | undefined; page: string | undefined },
  width: number | undefined,
): string[] {
  const lines = [`cell ${cellId}: ${dimensions} features of ${formatCount(ids.length)} images`];
  if (quality !== null) {
    lines.push(
      '',
      `validation accuracy by the votes of the nearest of ${formatCount(quality.trainImages)} training images`,
      ...textTable([
        {
          title: 'by',
          cells: [
            'the model',
            ...quality.nearestNeighbours.map(({ k }) => (k === 1 ? 'the nearest' : `${k} nearest`)),
          ],
        },
        {
          title: 'accuracy',
          align: 'right',
          cells: [quality, ...quality.nearestNeighbours].map(({ accuracy }) => formatFixed(accuracy)),
        },
      ]).map(line => `  ${line}`),
    );
  }
  // A page shows them better.
  if (page === undefined) for (const each of neighbourhoods) lines.push('', ...tableOf(each, width));
  if (out !== undefined) lines.push('', `features: ${out}`);
  if (page !== undefined) lines.push('', `neighbours of ${neighbourhoods.length} images: ${page}`);
  return lines;
}

/** The same as data, without pictures and features. */
export const embeddingAsJson = ({ ids, labels: _, neighbourhoods, ...answer }: EmbedAnswer): object => ({
  ...answer,
  images: ids.length,
  neighbourhoods: neighbourhoods.map(({ query, neighbours }) => ({
    id: query.id,
    label: query.label,
    neighbours: neighbours.map(({ png: _, ...neighbour }) => neighbour),
  })),
});

function tableOf({ query, neighbours }: Neighbourhood, width: number | undefined): string[] {
  const title = `nearest to ${query.id}${query.label === null ? '' : ` (class ${query.label})`}`;
  const table = textTable(
    [
      { title: 'cosine', align: 'right', cells: neighbours.map(({ similarity }) => similarity.toFixed(3)) },
      { title: 'class', cells: neighbours.map(({ label }) => label ?? '') },
      { title: 'training image', cells: neighbours.map(({ id }) => id), shrinksTo: 12 },
    ],
    width === undefined ? undefined : width - 2,
  );
  return [title, ...table.map(line => `  ${line}`)];
}
