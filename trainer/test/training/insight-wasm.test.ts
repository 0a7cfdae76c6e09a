import { onEngine } from '../on-engine.js';
import { insightSuite } from './insight-suite.js';

await onEngine('wasm', insightSuite);
