import { onEngine } from '../on-engine.js';
import { killSuite } from './kill-suite.js';

await onEngine('wasm', () => killSuite('wasm'));
