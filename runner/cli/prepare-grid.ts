import { gridSources } from '../planning/grid-sources.js';
import {
  checkGrid,
  type Findings,
  type NamedGrid,
  type Place,
  type PreparedGrid,
  readNamedGrid,
} from '../planning/prepared-grid.js';
import { openSlots, slotEntries } from '../slots/slots-file.js';
import { ResultsPaths } from '../store/run-paths.js';
import { dataLine, describeSlots } from '../terminal/grid-words.js';
import type { RunView } from '../terminal/view.js';
import type { SlotContext } from '../trainer-client/trainer-run.js';
import type { CommandContext } from './context.js';
import type { GlobalOptions } from './options.js';
import { withReader } from './with-store.js';

type CheckedGrid = NamedGrid & Findings & Place;

/**
 * What `plan` and `run` share: a grid file that has passed every check, told step by step.
 *
 * @throws GridError with every problem; nothing but the cache of decoded images has been written then
 */
export async function checkGridFile(
  file: string,
  options: GlobalOptions & { slots?: string | undefined },
  { environment }: CommandContext,
  step: RunView['step'],
): Promise<CheckedGrid> {
  const place: Place = {
    entries: await slotEntries(options.slots),
    context: { engine: options.engine ?? null, environment },
    paths: new ResultsPaths(options.results),
  };
  const named = await step(`Reading ${file}`, async say => {
    const sources = gridSources(place.paths, options.data);
    const read = await withReader(options, store => readNamedGrid(file, sources, store, place));
    say(`${read.grid.name}: ${read.cells.length} cell${read.cells.length === 1 ? '' : 's'}`);
    return read;
  });
  const findings = await step('Looking at the data', async say => {
    const found = await checkGrid(named, place);
    say(dataLine(found.inspections) || 'Data: looked after by the external trainer');
    return found;
  });
  return { ...named, ...findings, ...place };
}

/** Its slots; with a `run` agents are awaited and started for it: who has the grid's lock says so. */
export async function openGrid(
  checked: CheckedGrid,
  step: RunView['step'],
  run?: SlotContext['run'],
): Promise<PreparedGrid> {
  const context = { ...checked.context, ...(run !== undefined && { run }) };
  const slots = await step('Opening slots', async say => {
    const open = await openSlots(checked.entries, context);
    say(describeSlots(open.all, open.addresses));
    return open;
  });
  return { ...checked, context, slots };
}
