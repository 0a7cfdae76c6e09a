import { onEngine } from '../on-engine.js';
import { killSuite } from './kill-suite.js';
import { runSpec } from './run-spec.js';

// On a CPU without such instructions the same values come out, more slowly.
process.env.GRID_SLOW_PRECISION = '1';
const half = {
  'float16, two batches a step': runSpec({ train: { epochs: 6, accumulate: 2, precision: 'float16' } }),
};
await onEngine('tensorflow', () => killSuite('tensorflow', half));
