/** Adam over the 11.3 M parameters of a ResNet-18: each engine and PyTorch's plain and fused one, on one thread. */
import { compete, engineCompetitor, printResults, torchCompetitor } from './competitors.js';

const results = await compete(
  [
    engineCompetitor('tensorflow', 'adam'),
    torchCompetitor('default', 'adam'),
    torchCompetitor('fused', 'adam'),
    engineCompetitor('wasm', 'adam'),
  ],
  { turns: 9, steps: 5, warmup: 5 },
);
printResults(results, { reference: 'PyTorch, fused', unit: 'steps/s', amount: 1 });
