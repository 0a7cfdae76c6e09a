import { onEngine } from '../on-engine.js';
import { runCellSuite } from './run-cell-suite.js';

await onEngine('wasm', runCellSuite);
