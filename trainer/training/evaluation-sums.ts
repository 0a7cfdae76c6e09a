/** Figures of a classifier from its logits, batch by batch. */
import type { Evaluation } from '../contract/evaluation.js';
import { encodeClasses, noClass, type Predictions } from '../contract/predictions.js';

/** Bins of the expected calibration error. */
const bins = 15;
/** Classes that a top-5 hit may be among. */
export const topClasses = 5;

type Figures = Omit<Evaluation, 'version' | 'epoch' | 'weightsHash'>;

/** log Σ exp over one row, without overflow, and the row's first largest logit; the logits are numbers. */
function summarize(logits: Float32Array): { logSum: number; predicted: number } {
  let predicted = 0;
  for (let c = 1; c < logits.length; c++) if (logits[c]! > logits[predicted]!) predicted = c;
  const largest = logits[predicted]!;
  let sum = 0;
  for (const logit of logits) sum += Math.exp(logit - largest);
  return { logSum: largest + Math.log(sum), predicted };
}

export class EvaluationSums {
  readonly #confusion: number[][];
  /** Images of each class with a logit that is no finite number: they were predicted as nothing. */
  readonly #unusable: number[];
  readonly #bins = Array.from({ length: bins }, () => ({ images: 0, correct: 0, confidence: 0 }));
  readonly #labels: number[] = [];
  readonly #predicted: number[] = [];
  #loss = 0;
  #top = 0;

  constructor(private readonly classNames: readonly string[]) {
    this.#confusion = classNames.map(() => new Array<number>(classNames.length).fill(0));
    this.#unusable = classNames.map(() => 0);
  }

  /** logits [N × C], row-major, and the labels [N]. */
  add(logits: Float32Array, labels: Int32Array): void {
    const classes = this.classNames.length;
    labels.forEach((label, image) => {
      this.#labels.push(label);
      const row = logits.subarray(image * classes, (image + 1) * classes);
      if (!row.every(Number.isFinite)) {
        this.#loss = Number.NaN;
        this.#unusable[label]!++;
        this.#predicted.push(noClass);
        return;
      }
      const { logSum, predicted } = summarize(row);
      const own = row[label]!;
      this.#loss += logSum - own;
      this.#confusion[label]![predicted]!++;
      this.#predicted.push(predicted);
      if (row.reduce((better, logit) => better + Number(logit > own), 0) < topClasses) this.#top++;
      const confidence = Math.exp(row[predicted]! - logSum);
      const bin = this.#bins[Math.min(bins - 1, Math.floor(confidence * bins))]!;
      bin.images++;
      bin.confidence += confidence;
      bin.correct += Number(predicted === label);
    });
  }

  /** Of each image, in the order in which they came. */
  predictions(): Pick<Predictions, 'images' | 'labels' | 'predicted'> {
    const [labels, predicted] = [encodeClasses(this.#labels), encodeClasses(this.#predicted)];
    return { images: this.#labels.length, labels, predicted };
  }

  figures(): Figures {
    const counts = this.#confusion.map((row, label) =>
      row.reduce((sum, count) => sum + count, this.#unusable[label]!),
    );
    const images = counts.reduce((sum, count) => sum + count, 0);
    const correct = this.#confusion.reduce((sum, row, label) => sum + row[label]!, 0);
    const miscalibrated = this.#bins.reduce((sum, bin) => sum + Math.abs(bin.correct - bin.confidence), 0);
    return {
      images,
      loss: Number.isFinite(this.#loss) ? this.#loss / images : null,
      accuracy: correct / images,
      top5Accuracy: this.#top / images,
      expectedCalibrationError: miscalibrated / images,
      classes: this.classNames.map((name, label) => ({
        name,
        images: counts[label]!,
        accuracy: counts[label] === 0 ? null : this.#confusion[label]![label]! / counts[label]!,
      })),
      confusion: this.#confusion,
    };
  }
}
