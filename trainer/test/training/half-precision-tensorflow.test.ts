import { onEngine } from '../on-engine.js';
import { halfPrecisionSuite } from './half-precision-suite.js';

// On a CPU without such instructions the same values come out, more slowly.
process.env.GRID_SLOW_PRECISION = '1';
await onEngine('tensorflow', halfPrecisionSuite);
