import { onEngine } from '../on-engine.js';
import { stepsSuite } from './steps-suite.js';

await onEngine('tensorflow', stepsSuite);
