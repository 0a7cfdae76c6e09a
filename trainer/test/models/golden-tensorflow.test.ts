import { onEngine } from '../on-engine.js';
import { golden } from './golden-model.js';
import { modelSuite } from './golden-suite.js';

await onEngine('tensorflow', engine => modelSuite(engine, Object.keys(golden.models)));
