import { onEngine } from '../on-engine.js';
import { runCellSuite } from './run-cell-suite.js';

await onEngine('tensorflow', runCellSuite);
