import { onEngine } from '../on-engine.js';
import { batchesSuite } from './batches-suite.js';

await onEngine('wasm', batchesSuite);
