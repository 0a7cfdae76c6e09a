import { onEngine } from '../on-engine.js';
import { nanSuite } from './nan-suite.js';

await onEngine('tensorflow', nanSuite);
