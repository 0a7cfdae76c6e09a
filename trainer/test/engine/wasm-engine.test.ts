import { engineConformance } from './conformance.js';

await engineConformance('wasm');
