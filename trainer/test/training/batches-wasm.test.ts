import { loadWasmEngine } from '../../backend/wasm/engine.js';
import { batchesSuite } from './batches-suite.js';

batchesSuite(() => loadWasmEngine({ threads: 1 }));
