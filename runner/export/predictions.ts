import type { PredictAnswer } from '../../trainer/contract/inference.js';
import { arrayFile } from './array-file.js';
import { filledTemplate, type Predictions, probabilitiesText, submissionText } from './submission.js';

export interface PredictionFiles {
  /** The CSV, or the sample filled. */
  submission: string;
  /** All probabilities as the file of that name, where one is wanted. */
  probabilities: string | Uint8Array | undefined;
}

/**
 * What is written of predictions.
 *
 * @param numbers probabilities [ids × classes]
 * @param columns of the CSV, where no sample says them
 * @param file name of the file of probabilities; its extension says of which kind it is
 */
export function predictionFiles(
  { ids, classes, template }: PredictAnswer,
  numbers: Float32Array,
  columns: readonly string[],
  file: string | undefined,
): PredictionFiles {
  const predictions: Predictions = { ids, classes, probabilities: numbers };
  return {
    submission:
      template === null ? submissionText(predictions, columns) : filledTemplate(predictions, template),
    probabilities:
      file === undefined ? undefined : allOf(predictions, template?.idColumn ?? columns[0]!, file),
  };
}

function allOf(predictions: Predictions, idColumn: string, file: string): string | Uint8Array {
  const { ids, classes, probabilities: values } = predictions;
  const description = { ids: JSON.stringify(ids), classes: JSON.stringify(classes) };
  const matrix = { name: 'probabilities', rows: ids.length, columns: classes.length, values, description };
  return arrayFile(file, matrix) ?? probabilitiesText(predictions, idColumn);
}
