import { expect, it } from 'vitest';
import { countCorrect, countInTop } from '../../training/accuracy.js';
import { cpu, on, wasm } from '../engine/backends.js';

const nan = Number.NaN;
/** Correct; second; sixth; a NaN beside the label; the label's own NaN; NaN everywhere; an infinity. */
const rows = [
  [9, 1, 2, 3, 4, 5],
  [8, 9, 2, 3, 4, 5],
  [0, 1, 2, 3, 4, 5],
  [9, 1, nan, 3, 4, 5],
  [nan, 1, 2, 3, 4, 5],
  [nan, nan, nan, nan, nan, nan],
  [9, 1, 2, 3, 4, Number.NEGATIVE_INFINITY],
];
const labels = rows.map(() => 0);

it.each([
  ['wasm', wasm],
  ['cpu', cpu],
])('on %s a logit that is no number is never a hit', async (_, engine) => {
  const results = await on(engine, ({ tf }) =>
    rows.map(row => {
      const logits = tf.tensor2d([row]);
      const targets = tf.oneHot(tf.tensor1d(labels.slice(0, 1), 'int32'), 6);
      return tf.stack([
        countCorrect(tf, logits, Int32Array.of(0)),
        countInTop(tf, logits, targets, 5),
        countInTop(tf, logits, targets, 6),
      ]);
    }),
  );
  expect(results.map(({ values }) => values)).toEqual([
    [1, 1, 1],
    [0, 1, 1],
    [0, 0, 1],
    [0, 1, 1],
    [0, 0, 0],
    [0, 0, 0],
    [1, 1, 1],
  ]);
});

it('of few classes every one is among the first five, but for a NaN', async () => {
  const [result] = await on(wasm, ({ tf }) => {
    const logits = tf.tensor2d([
      [0, 1, 2],
      [nan, 1, 2],
    ]);
    const targets = tf.tensor2d([
      [1, 0, 0],
      [1, 0, 0],
    ]);
    return [countInTop(tf, logits, targets, 5)];
  });
  expect(result!.values).toEqual([1]);
});
