import type { DataContent, Picture as DataPicture } from '../../../../trainer/contract/data-report.js';
import { brightnessChart } from '../../data/brightness-chart.js';
import { classChart } from '../../data/class-chart.js';
import { factsOf } from '../../data/facts.js';
import { type Block, heading, type ReportSection, text } from '../blocks.js';
import type { KeptData } from '../kept-data.js';
import type { ReportReading } from '../read-report.js';

const mostAugmentations = 4;
const mostSheets = 12;
/** Of all sheets together. */
const mostBytes = 3_000_000;

/** The data set, its split, and what augmentation makes of it. */
export function dataSection({ data, grid, families }: ReportReading): ReportSection {
  const section = { id: 'data', title: 'Data' };
  const spec = families[0]?.cells[0]?.spec;
  if (data === null) {
    const command = `grid data ${grid.file || 'FILE'} --augmented`;
    const words =
      spec?.trainer === null
        ? `Nobody has looked at the data from here yet. \`${command}\` does, and the next report shows it.`
        : 'The data is the affair of the grid’s own trainer.';
    return { ...section, blocks: [text(words)] };
  }
  const { content } = data.report;
  const facts = factsOf(data.report);
  const validation = spec?.data.validation;
  const how =
    validation === undefined
      ? []
      : [
          {
            name: 'held out',
            value:
              validation.source === 'files'
                ? 'the data set’s own validation images'
                : `${Math.round(1000 * validation.fraction) / 10}% of the training images${validation.stratified ? ', the same share of each class' : ''}, by seed ${validation.seed}`,
          },
        ];
  return {
    ...section,
    blocks: [
      { type: 'facts', facts: [...facts, ...how] },
      ...(content === null ? [] : pictures(content, data)),
    ],
  };
}

function pictures(content: DataContent, data: KeptData): Block[] {
  const { classes, channels, augmented } = content;
  let bytes = 0;
  const sheet = (picture: DataPicture, name: string, caption: string, description: string): Block[] => {
    const png = data.read(picture);
    if (png === null || bytes + png.length > mostBytes) return [];
    bytes += png.length;
    const { width, height } = picture;
    const factor = Math.max(1, Math.round(72 / content.width));
    return [
      {
        ...{ type: 'picture', name, caption, description },
        content: { png, width: width * factor, height: height * factor },
      },
    ];
  };
  const batches = augmented
    .slice(0, mostAugmentations)
    .flatMap(({ label, train }, i) =>
      sheet(
        train,
        `augmented-${i + 1}`,
        `${label}: a training batch as the model gets it`,
        `Training images after the augmentation ${label}`,
      ),
    );
  const samples = classes
    .slice(0, mostSheets)
    .flatMap(({ name, sheet: picture }, i) =>
      sheet(picture, `class-${i + 1}`, name, `Images of the class ${name}`),
    );
  const chart = (name: string, caption: string, svg: string): Block => ({
    ...{ type: 'picture', name, caption, description: caption },
    content: { svg },
  });
  const left = (shown: number, all: number, what: string) =>
    shown < all ? [text(`${shown} of ${all} ${what} are shown.`)] : [];
  return [
    chart('classes', `Images of each of the ${classes.length} classes`, classChart(classes)),
    chart('brightness', 'How bright the training images are', brightnessChart(channels)),
    ...(batches.length === 0 ? [] : [heading('Augmented batches'), ...batches]),
    ...left(batches.length, augmented.length, 'augmentations'),
    ...(samples.length === 0 ? [] : [heading('Images of the classes'), ...samples]),
    ...left(samples.length, classes.length, 'classes'),
  ];
}
