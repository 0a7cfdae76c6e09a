import type { RangeTest } from '../../../trainer/contract/range-test.js';
import { atomicWrite } from '../../../trainer/files/atomic-write.js';
import { rangeChart } from './chart.js';

export { rangeLines } from './lines.js';

/** Writes the curve as an SVG file. */
export function writeRangeChart(file: string, test: RangeTest, title: string): void {
  atomicWrite(file, rangeChart(test, title));
}
