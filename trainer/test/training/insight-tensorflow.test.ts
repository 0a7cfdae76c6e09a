import { onEngine } from '../on-engine.js';
import { insightSuite } from './insight-suite.js';

await onEngine('tensorflow', insightSuite);
