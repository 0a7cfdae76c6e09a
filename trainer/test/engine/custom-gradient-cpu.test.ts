import { onEngine } from '../on-engine.js';
import { customGradientSuite } from './custom-gradient-suite.js';

await onEngine('cpu', customGradientSuite);
