import type {
  AlikeSummary,
  DataContent,
  DataReport,
  Picture,
} from '../../../trainer/contract/data-report.js';
import { escapeMarkup } from '../escape.js';
import { htmlPage, type Section } from '../page.js';
import { factsOf } from './facts.js';

export interface PageParts {
  name: string;
  report: DataReport;
  charts: readonly string[];
  /** The PNG file of a picture. */
  read(picture: Picture): Uint8Array;
}

/** The whole report in one file. */
export function dataPage({ name, report, charts, read }: PageParts): string {
  const { inspection, content } = report;
  const facts = factsOf(report)
    .map(
      ({ name, value, isAlarming }) =>
        `<dt>${escapeMarkup(name)}</dt><dd${isAlarming ? ' class="alarm"' : ''}>${escapeMarkup(value)}</dd>`,
    )
    .join('');
  const problems = inspection.problems
    .map(
      ({ severity, key, message }) =>
        `<dt>${severity}</dt><dd class="alarm">data.${escapeMarkup(`${key}: ${message}`)}</dd>`,
    )
    .join('');
  const show = (picture: Picture, caption: string, imageSize: number) =>
    figure(picture, caption, read(picture), imageSize);
  return htmlPage({
    title: name,
    subtitle: `Fingerprint ${inspection.fingerprint}`,
    sections: [
      { title: 'Facts', body: `<dl>${facts}${problems}</dl>${charts.join('')}` },
      ...(content === null ? [] : pictures(content, show)),
    ],
    footer: `Made by grid data in ${report.seconds.toFixed(1)} s.`,
  });
}

type Show = (picture: Picture, caption: string, imageSize: number) => string;

function pictures(content: DataContent, show: Show): Section[] {
  const { classes, augmented, exact, near, width } = content;
  return [
    ...augmented.map(
      ({ label, train, validation }): Section => ({
        title: `Augmented: ${label}`,
        note: 'The first batches as the model gets them, normalization undone.',
        body: `<div class="sheets wide">${show(train, '<b>training</b>', width)}${show(validation, '<b>validation</b>', width)}</div>`,
      }),
    ),
    ...alikeSection('The same pixels', exact, show, width),
    ...alikeSection('Nearly the same', near, show, width),
    {
      title: 'Samples of each class',
      body: `<div class="sheets">${classes
        .map(({ name, train, validation, sheet }) =>
          show(sheet, `<b>${escapeMarkup(name)}</b> ${train} training, ${validation} validation`, width),
        )
        .join('')}</div>`,
    },
  ];
}

function alikeSection(
  title: string,
  { count, groups }: AlikeSummary,
  show: Show,
  imageSize: number,
): Section[] {
  if (count === 0) return [];
  const shown = groups.flatMap(({ images, picture, correlation }) => {
    if (picture === null) return [];
    const lines = images
      .slice(0, 8)
      .map(image => `${escapeMarkup(image.name)} <b>${escapeMarkup(image.class)}</b> ${image.part}`);
    const likeness = correlation === 1 ? [] : [`correlation ${correlation.toFixed(3)}`];
    const rest = images.length > 8 ? [`… ${images.length} images`] : [];
    return [show(picture, [...lines, ...rest, ...likeness].join('<br>'), imageSize)];
  });
  const note = `Those across training and validation first, then those of different classes${count > shown.length ? `; ${shown.length} of ${count}` : ''}.`;
  return [{ title, note, body: cards(shown) }];
}

const cards = (figures: readonly string[]) => `<div class="cards">${figures.join('')}</div>`;

/** Small images are shown enlarged, by whole factors. `caption` is HTML. */
function figure({ width, height }: Picture, caption: string, png: Uint8Array, imageSize: number): string {
  const factor = Math.max(1, Math.round(72 / imageSize));
  const source = `data:image/png;base64,${Buffer.from(png).toString('base64')}`;
  return `<figure><figcaption>${caption}</figcaption><img src="${source}" width="${width * factor}" height="${height * factor}" alt="" loading="lazy"></figure>`;
}
