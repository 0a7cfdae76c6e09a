/** Pictures of a cell as `Summary.Value`s. */
import type { Evaluation } from '../../../trainer/contract/evaluation.js';
import { pngOf } from '../../pictures/png.js';
import { readEvaluation } from '../../store/cell-folder.js';
import type { CellPaths } from '../../store/run-paths.js';
import { message, whole } from './protobuf.js';

/** With more classes names and numbers would be specks. */
const mostNamed = 40;

/** The confusion matrix; nothing where there is no evaluation, or it can't be read or drawn. */
export function picturesOf(folder: CellPaths): Buffer[] {
  try {
    const evaluation = readEvaluation(folder);
    return evaluation === null ? [] : [image('confusion matrix', pngOf(confusionSvg(evaluation)))];
  } catch {
    return [];
  }
}

/** Colours of a pixel: red, green, blue. */
const colors = 3;

/** Width and height are in each PNG's header. */
function image(tag: string, png: Uint8Array): Buffer {
  const bytes = Buffer.from(png);
  return Buffer.concat([
    message(1, tag),
    message(
      4,
      whole(1, bytes.readUInt32BE(20)),
      whole(2, bytes.readUInt32BE(16)),
      whole(3, colors),
      message(4, bytes),
    ),
  ]);
}

/** A row a class: the share of its images that is taken for each class. */
function confusionSvg({ classes, confusion }: Evaluation): string {
  const isNamed = classes.length <= mostNamed;
  const size = isNamed ? 34 : 4;
  const margin = isNamed ? 120 : 8;
  const side = margin + size * classes.length + 8;
  const at = (index: number) => margin + size * index;
  const squares = confusion.flatMap((counts, row) => {
    const images = counts.reduce((sum, count) => sum + count, 0);
    return counts.flatMap((count, column) => {
      if (count === 0) return [];
      const opacity = (0.1 + (0.8 * count) / images).toFixed(3);
      const fill = row === column ? '#3b6fb5' : '#c0392b';
      const place = `x="${at(column)}" y="${at(row)}"`;
      const square = `<rect ${place} width="${size}" height="${size}" fill="${fill}" fill-opacity="${opacity}"/>`;
      const number = `<text x="${at(column) + size / 2}" y="${at(row) + size / 2 + 4}" text-anchor="middle">${count}</text>`;
      return isNamed ? [square, number] : [square];
    });
  });
  const names = !isNamed
    ? []
    : classes.flatMap(({ name }, index) => {
        const shown = escaped(name.length > 16 ? `${name.slice(0, 15)}…` : name);
        const middle = at(index) + size / 2 + 4;
        return [
          `<text x="${margin - 6}" y="${middle}" text-anchor="end">${shown}</text>`,
          `<text transform="translate(${middle} ${margin - 6}) rotate(-90)">${shown}</text>`,
        ];
      });
  const title = isNamed ? '<text x="6" y="14">is ↓ taken for →</text>' : '';
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${side}" height="${side}" font-family="Inter" font-size="11">${title}${squares.join('')}${names.join('')}</svg>`;
}

const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
