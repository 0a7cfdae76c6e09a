/** `evaluation.json` of a cell's folder: what its best weights make of the validation images. */

/** A class on the validation images. */
interface ClassEvaluation {
  name: string;
  /** Validation images of the class. */
  images: number;
  /** Share of them that is classified right (recall); null without images. */
  accuracy: number | null;
}

export interface Evaluation {
  version: 1;
  /** Epoch of the weights: the best one by the objective. */
  epoch: number;
  /** Of the run's last weights, as in `completed`: which run this belongs to. */
  weightsHash: string;
  images: number;
  /** Mean cross-entropy without label smoothing; null where it is no finite number. */
  loss: number | null;
  accuracy: number;
  /** Share of images whose class is among the five most probable. */
  top5Accuracy: number;
  /**
   * Σ |accuracy - confidence| over 15 bins of equal width of the confidence, weighted by their images (Guo et al. 2017,
   * "On Calibration of Modern Neural Networks").
   */
  expectedCalibrationError: number;
  classes: ClassEvaluation[];
  /** `confusion[i][j]`: images of class i that were taken for class j. */
  confusion: number[][];
}
