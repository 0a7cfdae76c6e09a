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
import type { StoreReader } from '../store/run-store.js';
import { dataLine, describeSlots } from '../terminal/grid-words.js';
import type { RunView } from '../terminal/view.js';
import type { SlotContext } from '../trainer-client/trainer-run.js';
import type { CommandContext } from './context.js';
import type { GlobalOptions } from './options.js';
import { withReader } from './with-store.js';

type PlaceOptions = GlobalOptions & { slots?: string | undefined };
/** Other cells in place of a file's own, which are known once its results are. */
export type ChooseCells = (named: NamedGrid, store: StoreReader) => NamedGrid;

const placeOf = async (options: PlaceOptions, { environment }: CommandContext): Promise<Place> => ({
  entries: await slotEntries(options.slots),
  context: { engine: options.engine ?? null, environment },
  paths: new ResultsPaths(options.results),
});

const readIn = (place: Place, file: string, options: PlaceOptions, choose: ChooseCells): Promise<NamedGrid> =>
  withReader(options, async store =>
    choose(await readNamedGrid(file, gridSources(place.paths, options.data), store, place), store),
  );

/** A grid file by the name that the results keep it under, no more than read. */
export const readGridFile = async (
  file: string,
  options: PlaceOptions,
  context: CommandContext,
): Promise<NamedGrid> => readIn(await placeOf(options, context), file, options, named => named);

type CheckedGrid = NamedGrid & Findings & Place;

/**
 * What `plan` and `run` share: a grid file that has passed every check, told step by step.
 *
 * @throws GridError with every problem; nothing but the cache of decoded images has been written then
 */
export async function checkGridFile(
  file: string,
  options: PlaceOptions,
  context: CommandContext,
  step: RunView['step'],
  choose: ChooseCells = named => named,
): Promise<CheckedGrid> {
  const place = await placeOf(options, context);
  const named = await step(`Reading ${file}`, async say => {
    const read = await readIn(place, file, options, choose);
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
