import { describe, expect, it } from 'vitest';
import { decodeClasses, encodeClasses, noClass } from '../../contract/predictions.js';
import { EvaluationSums } from '../../training/evaluation-sums.js';

describe('the figures of a classifier', () => {
  /** Logits whose softmax are these probabilities. */
  const logits = (rows: number[][]) => Float32Array.from(rows.flat(), Math.log);

  it('count right and wrong classes', () => {
    const sums = new EvaluationSums(['a', 'b', 'c']);
    const rows = [
      [0.7, 0.2, 0.1],
      [0.5, 0.4, 0.1],
      [0.1, 0.8, 0.1],
    ];
    sums.add(logits(rows), Int32Array.of(0, 1, 1));
    const { classes, confusion, accuracy, images, top5Accuracy, loss } = sums.figures();
    expect(confusion).toEqual([
      [1, 0, 0],
      [1, 1, 0],
      [0, 0, 0],
    ]);
    expect(classes).toEqual([
      { name: 'a', images: 1, accuracy: 1 },
      { name: 'b', images: 2, accuracy: 0.5 },
      { name: 'c', images: 0, accuracy: null },
    ]);
    expect({ accuracy, images, top5Accuracy }).toEqual({ accuracy: 2 / 3, images: 3, top5Accuracy: 1 });
    expect(loss).toBeCloseTo(-(Math.log(0.7) + Math.log(0.4) + Math.log(0.8)) / 3, 5);
  });

  it('have the expected calibration error of Guo et al., by hand', () => {
    const sums = new EvaluationSums(['a', 'b']);
    // One bin (0.8 to 0.867) of two images, one of them right; another (0.933 to 1) of one right image.
    const rows = [
      [0.82, 0.18],
      [0.84, 0.16],
      [0.05, 0.95],
    ];
    sums.add(logits(rows), Int32Array.of(0, 1, 1));
    const expected = (2 * Math.abs(0.83 - 0.5) + Math.abs(0.95 - 1)) / 3;
    expect(sums.figures().expectedCalibrationError).toBeCloseTo(expected, 5);
  });

  it('take a hit among five for one', () => {
    const sums = new EvaluationSums(['a', 'b', 'c', 'd', 'e', 'f']);
    const row = [0.3, 0.25, 0.2, 0.1, 0.09, 0.06];
    sums.add(logits([row, row]), Int32Array.of(4, 5));
    expect(sums.figures().top5Accuracy).toBe(0.5);
  });

  it('take logits that are no numbers for no prediction at all', () => {
    const sums = new EvaluationSums(['a', 'b']);
    sums.add(Float32Array.of(Number.NaN, Number.NaN, 0, Number.NaN, 1, 0), Int32Array.of(0, 0, 0));
    sums.add(Float32Array.of(Number.POSITIVE_INFINITY, 0), Int32Array.of(1));
    const { classes, ...figures } = sums.figures();
    expect(figures).toMatchObject({ images: 4, loss: null, accuracy: 0.25, top5Accuracy: 0.25 });
    expect(figures.expectedCalibrationError).toBeGreaterThanOrEqual(0);
    expect(classes.map(({ images, accuracy }) => [images, accuracy])).toEqual([
      [3, 1 / 3],
      [1, 0],
    ]);
  });

  it('come with what each image was taken for, in their order', () => {
    const sums = new EvaluationSums(['a', 'b', 'c']);
    const rows = [
      [0.7, 0.2, 0.1],
      [0.1, 0.2, 0.7],
    ];
    sums.add(logits(rows), Int32Array.of(1, 2));
    sums.add(Float32Array.of(Number.NaN, 0, 0, 0, 1, 0), Int32Array.of(0, 1));
    const { images, labels, predicted } = sums.predictions();
    expect(images).toBe(4);
    expect(decodeClasses(labels)).toEqual([1, 2, 0, 1]);
    expect(decodeClasses(predicted)).toEqual([0, 2, noClass, 1]);
    expect([...Buffer.from(encodeClasses([1, 0x0203]), 'base64')]).toEqual([1, 0, 3, 2]);
  });

  it('survive logits that overflow exp', () => {
    const sums = new EvaluationSums(['a', 'b']);
    sums.add(Float32Array.of(1000, -1000), Int32Array.of(1));
    expect(sums.figures()).toMatchObject({ loss: 2000, accuracy: 0, expectedCalibrationError: 1 });
  });
});
