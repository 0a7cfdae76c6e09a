/** Images beside their nearest training images, as one HTML file. */
import type { EmbedAnswer, Neighbourhood, Picture } from '../../../trainer/contract/inference.js';
import { formatFixed } from '../../text/numbers.js';
import { css } from '../colors.js';
import { escapeMarkup } from '../escape.js';
import { htmlPage } from '../page.js';

/** Images of 32 or 40 pixels are too small to see. */
const pictureSize = 96;

export function neighboursPage({ quality, neighbourhoods }: EmbedAnswer, cellId: string): string {
  const votes = (quality?.nearestNeighbours ?? []).map(
    ({ k, accuracy }) => `${k} nearest ${formatFixed(accuracy)}`,
  );
  return htmlPage({
    title: 'Nearest neighbours',
    subtitle:
      quality === null
        ? `cell ${cellId}`
        : `cell ${cellId}; validation accuracy: model ${formatFixed(quality.accuracy)}, ${votes.join(', ')}`,
    sections: [
      {
        title: 'Images and their nearest training images',
        note: 'The image first, then the training images with the largest cosine between features. Green: of the same class; red: of another.',
        body: `<style>${style}</style>${neighbourhoods.map(rowOf).join('\n')}`,
      },
    ],
    footer: 'grid embed',
  });
}

const style = `.row{display:flex;flex-wrap:wrap;gap:10px;margin:0 0 14px}
.row figure{width:${pictureSize + 26}px;border-width:3px}.row figure:first-child{margin-right:18px}
.row img{width:${pictureSize}px;height:${pictureSize}px;object-fit:contain;image-rendering:pixelated}
.row .same{border-color:${css('green')}}.row .other{border-color:${css('red')}}`;

function rowOf({ query, neighbours }: Neighbourhood): string {
  const figures = neighbours.map(neighbour =>
    figure(neighbour, kindOf(query, neighbour), neighbour.similarity.toFixed(3)),
  );
  return `<div class="row">${figure(query, '', '')}${figures.join('')}</div>`;
}

function kindOf(query: Picture, neighbour: Picture): string {
  if (query.label === null) return '';
  return query.label === neighbour.label ? 'same' : 'other';
}

function figure({ id, label, png }: Picture, kind: string, similarity: string): string {
  const name = escapeMarkup(label ?? id);
  const title = escapeMarkup(id);
  return `<figure class="${kind}" title="${title}"><img alt="${title}" src="data:image/png;base64,${png}"><figcaption><b>${name}</b> ${similarity}</figcaption></figure>`;
}
