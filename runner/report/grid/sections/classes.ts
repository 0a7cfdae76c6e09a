import type { Evaluation } from '../../../../trainer/contract/evaluation.js';
import { formatFixed } from '../../../text/numbers.js';
import { heading, number, type ReportSection, text } from '../blocks.js';
import { labelsText, type ReportReading } from '../read-report.js';

const listed = 15;

/** Where the best setting fails: classes, and pairs of them. */
export function classesSection({ evaluation, board }: ReportReading): ReportSection {
  const section = { id: 'classes', title: 'Failures by class' };
  if (evaluation === null)
    return {
      ...section,
      blocks: [
        text(
          'No cell of the first row has figures by class: they come with the end of a run of the shared trainer.',
        ),
      ],
    };
  const { of, figures } = evaluation;
  const name = labelsText(board.rows.find(({ cells }) => cells.includes(of))?.labels ?? {});
  const weak = figures.classes
    .filter(({ accuracy }) => accuracy !== null)
    .sort((a, b) => a.accuracy! - b.accuracy!)
    .slice(0, listed);
  const pairs = confusedPairs(figures).slice(0, listed);
  return {
    ...section,
    blocks: [
      text(
        `Of cell ${of.slice(0, 8)}${name === '' ? '' : ` (${name})`}, the best weights (epoch ${figures.epoch}) on ${figures.images} validation images: accuracy ${formatFixed(figures.accuracy)}, among the first five ${formatFixed(figures.top5Accuracy)}, calibration error ${formatFixed(figures.expectedCalibrationError)}.`,
      ),
      {
        type: 'table',
        caption: `The ${weak.length} weakest of ${figures.classes.length} classes`,
        columns: [{ name: 'class' }, { name: 'images', isNumber: true }, { name: 'right', isNumber: true }],
        rows: weak.map(({ name, images, accuracy }) => [
          name,
          number(images, String),
          number(accuracy, formatFixed),
        ]),
      },
      ...(pairs.length === 0
        ? [text('No image was taken for one of another class.')]
        : [
            heading('Most confused'),
            {
              type: 'table' as const,
              caption: 'Images of a class that were taken for another',
              columns: [{ name: 'class' }, { name: 'taken for' }, { name: 'images', isNumber: true }],
              rows: pairs.map(({ own, other, count }) => [own, other, number(count, String)]),
            },
          ]),
    ],
  };
}

function confusedPairs({ classes, confusion }: Evaluation): { own: string; other: string; count: number }[] {
  return confusion
    .flatMap((row, own) =>
      row.map((count, other) => ({
        own: classes[own]?.name ?? '?',
        other: classes[other]?.name ?? '?',
        count,
        isRight: own === other,
      })),
    )
    .filter(({ count, isRight }) => !isRight && count > 0)
    .sort((a, b) => b.count - a.count);
}
