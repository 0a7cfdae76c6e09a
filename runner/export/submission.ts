/** Predictions as the table that a contest asks for. */
import type { SubmissionTemplate } from '../../trainer/contract/inference.js';
import { UsageError } from '../domain/error.js';
import { type CsvValue, csvLine } from '../text/csv.js';

export interface Predictions {
  ids: readonly string[];
  /** As the training table writes them. */
  classes: readonly string[];
  /** [ids × classes]. */
  probabilities: Float32Array;
}

/**
 * CSV with a row an image: its id and its most probable class under two `columns`; under one column a class its
 * probabilities, in the order of the columns.
 *
 * @throws UsageError for columns that are neither
 */
export function submissionText(predictions: Predictions, columns: readonly string[]): string {
  const { ids, classes } = predictions;
  const [, ...rest] = columns;
  const places = rest.map(name => classes.indexOf(name));
  const perClass = rest.length === classes.length && places.every(place => place >= 0);
  if (rest.length !== 1 && !perClass)
    throw new UsageError(
      `columns ${columns.slice(0, 10).join(', ')}: expected two (id and class), or an id and the ${classes.length} classes`,
    );
  const lines = ids.map((id, row) => {
    const probabilities = rowOf(predictions, row);
    return csvLine([
      id,
      ...(perClass ? places.map(place => short(probabilities[place]!)) : [best(probabilities, classes)]),
    ]);
  });
  return csvLine(columns) + lines.join('');
}

/** A sample submission with its columns filled: all else is as it is written there. */
export function filledTemplate(predictions: Predictions, template: SubmissionTemplate): string {
  const { start, delimiter, lineEnd, endsWithLine, header, columns } = template;
  const { ids, classes } = predictions;
  const lines = ids.map((_, row) => {
    const probabilities = rowOf(predictions, row);
    const fields = columns.map(column => {
      if ('kept' in column) return column.kept[row]!;
      const { fill, quoted } = column;
      const value = fill === 'class' ? best(probabilities, classes) : String(short(probabilities[fill]!));
      return quoted || value.includes(delimiter) || /["\r\n]|^\s|\s$/.test(value)
        ? `"${value.replaceAll('"', '""')}"`
        : value;
    });
    return fields.join(delimiter);
  });
  return start + [header.join(delimiter), ...lines].join(lineEnd) + (endsWithLine ? lineEnd : '');
}

/** Probabilities of all classes, a row an image. */
export function probabilitiesText(predictions: Predictions, idColumn: string): string {
  return submissionText(predictions, [idColumn, ...predictions.classes]);
}

const rowOf = ({ classes, probabilities }: Predictions, row: number) =>
  probabilities.subarray(row * classes.length, (row + 1) * classes.length);

function best(probabilities: Float32Array, classes: readonly string[]): string {
  return classes[probabilities.indexOf(probabilities.reduce((a, b) => Math.max(a, b)))]!;
}

/** As many digits as any float32 is sure of. */
const short = (value: number): CsvValue => Number(value.toPrecision(7));
