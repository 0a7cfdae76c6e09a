import { onEngine } from '../on-engine.js';
import { featuresSuite } from './features-suite.js';

await onEngine('wasm', featuresSuite);
