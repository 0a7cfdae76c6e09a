/** Training step of ResNet-18 on 40×40 images, batch 64, SGD: each engine and PyTorch on one thread. */
import { compete, engineCompetitor, printResults, torchCompetitor } from './competitors.js';

const results = await compete(
  [
    engineCompetitor('tensorflow', 'train'),
    torchCompetitor('contiguous', 'train'),
    torchCompetitor('channels_last', 'train'),
    engineCompetitor('wasm', 'train'),
  ],
  { turns: 7, steps: 3, warmup: 3 },
);
printResults(results, { reference: 'PyTorch, contiguous', unit: 'images/s', amount: 64 });
