/** What a cell's best weights make of the validation images, in a few lines; `--json` has all of it. */
import type { Evaluation } from '../../trainer/contract/evaluation.js';
import { plain } from '../text/names.js';
import { formatNumber } from '../text/numbers.js';

/** Classes, and pairs of them, that are told one by one. */
const listed = 5;

export function evaluationLines(evaluation: Evaluation): string[] {
  const { epoch, images, accuracy, top5Accuracy, loss, expectedCalibrationError, classes } = evaluation;
  const figures = [
    `accuracy ${formatNumber(accuracy)}`,
    // Of five classes or fewer each is among the first five.
    ...(classes.length > 5 ? [`top-5 ${formatNumber(top5Accuracy)}`] : []),
    `loss ${formatNumber(loss)}`,
    `calibration error ${formatNumber(expectedCalibrationError)}`,
  ];
  const confused = mostConfused(evaluation);
  return [
    `best weights (epoch ${epoch}) on ${images} validation images: ${figures.join(', ')}`,
    `  weakest classes: ${weakest(classes).join(', ')}`,
    ...(confused.length === 0 ? [] : [`  most confused: ${confused.join(', ')}`]),
  ];
}

function weakest(classes: Evaluation['classes']): string[] {
  return classes
    .flatMap(({ name, accuracy }) => (accuracy === null ? [] : [{ name, accuracy }]))
    .sort((a, b) => a.accuracy - b.accuracy)
    .slice(0, listed)
    .map(({ name, accuracy }) => `${plain(name)} ${formatNumber(accuracy)}`);
}

/** `cat → dog 12`: so many images of the first class were taken for the second. */
function mostConfused({ classes, confusion }: Evaluation): string[] {
  return confusion
    .flatMap((row, own) => row.map((count, other) => ({ own, other, count })))
    .filter(({ own, other, count }) => own !== other && count > 0)
    .sort((a, b) => b.count - a.count)
    .slice(0, listed)
    .map(({ own, other, count }) => `${plain(classes[own]!.name)} → ${plain(classes[other]!.name)} ${count}`);
}
