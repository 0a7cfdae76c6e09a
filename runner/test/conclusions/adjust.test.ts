import { expect, test } from 'vitest';
import { adjustFamilies } from '../../conclusions/adjust.js';
import { holm } from '../../statistics/several-claims.js';
import { noise } from './fixtures.js';

test('with one claim a family it is Holm’s rule', () => {
  for (let trial = 0; trial < 50; trial++) {
    const ps = Array.from({ length: 7 }, (_, i) => noise(`${trial} ${i}`) ** 3);
    const adjusted = adjustFamilies(ps.map(p => [p])).flat();
    expect(adjusted).toEqual(holm(ps).map(p => expect.closeTo(p, 12)));
  }
});

test('claims that are adjusted within their family pay for the other families only', () => {
  expect(adjustFamilies([[0.01, 0.02, 0.9], [0.03]])).toEqual([[0.02, 0.04, 0.9], [0.06]]);
  // The second family is through as a whole: what is left is judged alone.
  expect(adjustFamilies([[0.01, 0.04, 0.9], [0.02]])).toEqual([[0.02, 0.04, 0.9], [0.04]]);
});

test('false alarms of pages without effects stay below 5%', () => {
  let alarms = 0;
  const pages = 4000;
  for (let page = 0; page < pages; page++) {
    const families = [1, 3, 1, 6].map((count, family) => {
      const least = noise(`${page} ${family}`);
      // Adjusted within: the least of them is uniform at worst.
      return Array.from({ length: count }, (_, i) => (i === 0 ? least : Math.min(1, least + i / 10)));
    });
    if (
      adjustFamilies(families)
        .flat()
        .some(p => p < 0.05)
    )
      alarms++;
  }
  expect(alarms / pages).toBeGreaterThan(0.03);
  expect(alarms / pages).toBeLessThan(0.056);
});
