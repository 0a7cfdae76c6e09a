/** Leases a cell, says so, says when the lease is lost; tries to write when it is told to. */

import { epochRecord } from '../../../bench/fixtures/bench-grid.js';
import { openStore } from '../../../store/open-store.js';
import { StoreError } from '../../../store/store-error.js';

const [folder, cellId] = process.argv.slice(2) as [string, string];
const store = await openStore(folder);
const run = store.startRun(cellId, 'a', () => console.log('lost'));
console.log('started');
process.stdin.on('data', () => {
  try {
    store.recordEpoch(run, epochRecord(0, 1));
    console.log('written');
  } catch (error) {
    console.log(`refused ${error instanceof StoreError ? error.problem : error}`);
  }
});
