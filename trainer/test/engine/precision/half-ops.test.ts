import { onEngine } from '../../on-engine.js';
import { halfOpsSuite } from './half-ops-suite.js';

// On a CPU without such instructions the same values come out, more slowly.
process.env.GRID_SLOW_PRECISION = '1';
await onEngine('tensorflow', engine => {
  // Significant bits: 8 of bfloat16, 11 of float16.
  halfOpsSuite(engine, 'bfloat16', 2 ** -8);
  halfOpsSuite(engine, 'float16', 2 ** -11);
});
