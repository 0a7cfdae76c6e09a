import { loadWasmEngine } from '../../backend/wasm/engine.js';
import { modelSuite } from './golden-suite.js';

// Every kind of block and stem once: the others differ in depth alone, and the native engine runs them all.
modelSuite(() => loadWasmEngine({ threads: 1 }), ['resnet18_stem3_pool', 'resnet50']);
