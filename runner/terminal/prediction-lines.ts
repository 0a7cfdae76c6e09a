/** What `grid predict` did, for people. */
import type { PredictAnswer, UnusableImage } from '../../trainer/contract/inference.js';

/** @param cells whose weights were used, in the order of the answer's */
export function predictionLines(
  { ids, classes, weights, fitted }: PredictAnswer,
  cells: readonly string[],
  out: string,
): string[] {
  const shares = cells.map((cell, index) => `${cell.slice(0, 8)} ${weights[index]!.toFixed(3)}`);
  return [
    `${out}: ${ids.length} images, ${classes.length} classes, by ${cells.length === 1 ? `cell ${cells[0]}` : `${cells.length} cells`}`,
    ...(fitted === null
      ? []
      : [
          `weights fitted on ${fitted.images} validation images: ${shares.join(', ')}; loss ${fitted.loss.toFixed(4)}, with equal weights ${fitted.equalLoss.toFixed(4)}`,
        ]),
  ];
}

/** The same as data. */
export function predictionAsJson({ ids, classes, ...answer }: PredictAnswer): object {
  const { unusable, unnamed, weights, fitted, engine } = answer;
  return { images: ids.length, classes: classes.length, unusable, unnamed, weights, fitted, engine };
}

/** What isn't in the files as it should be. */
export function predictionWarnings({ unusable, unnamed, unnamedIds }: PredictAnswer): string[] {
  const more = unnamed > unnamedIds.length ? ', …' : '';
  return [
    ...(unnamed > 0
      ? [`${unnamed} images are not in the sample and were left out: ${unnamedIds.join(', ')}${more}`]
      : []),
    ...(unusable.length > 0
      ? [
          `${unusable.length} images can't be used; their rows are the mean of all others: ${listUnusable(unusable)}`,
        ]
      : []),
  ];
}

const shownImages = 5;

/** The first few of many. */
export function listUnusable(images: readonly UnusableImage[]): string {
  const shown = images.slice(0, shownImages).map(({ id, message }) => `${id} (${message})`);
  const more = images.length - shown.length;
  return shown.join(', ') + (more > 0 ? `, … ${more} more` : '');
}
