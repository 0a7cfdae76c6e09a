import { beforeAll, describe } from 'vitest';
import { embedSuite } from './embed-suite.js';
import { predictSuite } from './predict-suite.js';
import { type TrainedCells, trainCells } from './trained-cells.js';

// One training for both commands.
describe('trained cells', () => {
  let trained: TrainedCells;
  beforeAll(async () => {
    trained = await trainCells();
  }, 120_000);
  predictSuite(() => trained);
  embedSuite(() => trained);
});
