import { expect, it } from 'vitest';
import { evaluationLines } from '../../terminal/evaluation-lines.js';

it('tells the figures, the weakest classes and what is confused', () => {
  const lines = evaluationLines({
    version: 1,
    epoch: 3,
    weightsHash: 'a',
    images: 6,
    loss: 0.5,
    accuracy: 0.5,
    top5Accuracy: 1,
    expectedCalibrationError: 0.125,
    classes: [
      { name: 'cat', images: 4, accuracy: 0.5 },
      { name: 'dog', images: 2, accuracy: 0.25 },
      { name: 'owl', images: 0, accuracy: null },
    ],
    confusion: [
      [2, 2, 0],
      [1, 1, 0],
      [0, 0, 0],
    ],
  });
  expect(lines[0]).toMatch(
    /^best weights \(epoch 3\) on 6 validation images: accuracy 0.5.*calibration error 0.125/,
  );
  expect(lines[0]).not.toContain('top-5');
  expect(lines[1]).toMatch(/weakest classes: dog 0.25.*, cat 0.5/);
  expect(lines[2]).toBe('  most confused: cat → dog 2, dog → cat 1');
});
