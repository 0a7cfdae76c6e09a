import { Transformer } from '@napi-rs/image';
import { expect, test } from 'vitest';
import { linesChart } from '../../notify/pictures/chart.js';
import { pngOf } from '../../pictures/png.js';

const dark = async (png: Uint8Array) => {
  const pixels = await new Transformer(Buffer.from(png)).rawPixels();
  let count = 0;
  for (let i = 0; i < pixels.length; i += 4) if (pixels[i]! < 100) count++;
  return count;
};

test('text is there: the font comes with the program', async () => {
  const drawing = (text: string) =>
    pngOf(
      `<svg xmlns="http://www.w3.org/2000/svg" width="200" height="40"><text x="5" y="30" font-size="30" font-family="Inter">${text}</text></svg>`,
    );
  expect(await dark(drawing(''))).toBe(0);
  expect(await dark(drawing('Größe ± 1'))).toBeGreaterThan(500);
});

test('a chart has its lines and says what they are', async () => {
  const points = [1, 2, 3].map(epoch => [epoch, epoch / 10] as const);
  const png = linesChart('a grid', 'validationAccuracy', [{ name: 'r18 · sgd', points }]);
  const unnamed = linesChart('', 'validationAccuracy', [{ name: '', points }]);
  expect(Buffer.from(png).subarray(1, 4).toString()).toBe('PNG');
  expect(png.length).not.toBe(unnamed.length);
  expect(await dark(png)).toBeGreaterThan((await dark(unnamed)) + 300);
});
