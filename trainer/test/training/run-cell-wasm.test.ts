import { loadWasmEngine } from '../../backend/wasm/engine.js';
import { runCellSuite } from './run-cell-suite.js';

runCellSuite(() => loadWasmEngine({ threads: 1 }));
