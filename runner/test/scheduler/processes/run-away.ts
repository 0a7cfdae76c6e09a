/** A runner with a slot on what stands for another machine: `run-away RESULTS HOME CELLS`. Says what it does, an event a line. */
import { SlotSet } from '../../../slots/slot-set.js';
import { AwaySlot } from '../../fixtures/away/away-slot.js';
import { startScheduler } from '../../fixtures/scheduling.js';

const [results, home, cells] = process.argv.slice(2) as [string, string, string];
const farm = await startScheduler(JSON.parse(cells), {
  results,
  slots: new SlotSet([await AwaySlot.open(home)]),
});
farm.onEvent(event => console.log(JSON.stringify(event)));
await farm.run();
