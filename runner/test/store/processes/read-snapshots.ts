/** Reads until its stdin ends; fails at the first result that is not one whole state of the store. */
import { epochRecord } from '../../../bench/fixtures/bench-grid.js';
import { openStore } from '../../../store/open-store.js';

let done = false;
process.stdin.on('end', () => {
  done = true;
});
process.stdin.resume();
const store = await openStore(process.argv[2]!, { readOnly: true });
let reads = 0;
while (!done) {
  store.snapshot(() => {
    const cells = store.storedCells('bench');
    for (const [index, cell] of cells.entries()) {
      const epochs = store.metricsOf(cell.cellId);
      if (cell.epochs !== epochs.length)
        throw new Error(`${cell.epochs} epochs, but metrics of ${epochs.length}`);
      for (const [i, { epoch, metrics }] of epochs.entries())
        if (epoch !== i + 1 || metrics.seconds !== epochRecord(index, epoch).metrics.seconds)
          throw new Error(`epoch ${epoch} at place ${i}: ${JSON.stringify(metrics)}`);
    }
  });
  reads++;
  await new Promise(resolve => setTimeout(resolve, 20));
}
store.close();
process.stdout.write(String(reads));
