import type { Cell } from '../domain/cell.js';
import type { Grid } from '../domain/grid.js';
import type { GridRecord } from '../domain/stored.js';
import { checkCells, distinctData } from '../grid/checks/check-cells.js';
import * as freezing from '../grid/checks/freeze-checks.js';
import * as warming from '../grid/checks/warm-start-checks.js';
import { expandGrid } from '../grid/expand.js';
import { loadGrid } from '../grid/load.js';
import * as recording from '../planning/grid-record.js';
import { inspectEntries } from '../planning/inspect-entries.js';
import { nameInResults } from '../planning/name-in-results.js';
import type { PlanOptions } from '../planning/plan.js';
import type { GridPlan } from '../planning/plan-grid.js';
import { planGrid } from '../planning/plan-grid.js';
import type { ProbeOptions } from '../planning/probe.js';
import type { OpenSlot } from '../slots/backend.js';
import * as slotsFile from '../slots/slots-file.js';
import * as paths from '../store/run-paths.js';
import type { StoreReader } from '../store/run-store.js';
import type { RunView } from '../terminal/view.js';
import { modelEntries } from '../trainer-client/model-entries.js';
import type { SlotContext } from '../trainer-client/trainer-run.js';
import { warmStartReports } from '../trainer-client/warm-start-reports.js';
import type { CommandContext } from './context.js';
import { gridSources } from './grid-sources.js';
import type { GlobalOptions } from './options.js';
import { withReader } from './with-store.js';

/** A grid file that has passed every check, with the slots that it would run on. */
export interface CheckedGrid {
  grid: Grid;
  record: GridRecord;
  cells: readonly Cell[];
  slots: readonly OpenSlot[];
  /** What the data holds, with the first classes; empty where external trainers look after it. */
  data: string;
  /** What was found of the data and weights and is no error, worded. */
  warnings: readonly string[];
  /** How much of their weights the warm starts take, where nothing is amiss. */
  notes: readonly string[];
  probeOptions: ProbeOptions;
  closeSlots(): Promise<void>;
  /** Plans against what is stored and the engines that the slots have. */
  planAgainst(store: StoreReader, options: PlanOptions): Promise<GridPlan>;
}

/**
 * Everything that `plan` and `run` share: file → grid → cells → data looked at → all checked → slots.
 *
 * @throws GridError with every problem; nothing but the cache of decoded images has been written then
 */
export async function loadCheckedGrid(
  file: string,
  options: GlobalOptions & { slots?: string | undefined },
  context: CommandContext,
  step: RunView['step'],
): Promise<CheckedGrid> {
  const slotContext: SlotContext = { engine: options.engine ?? null, environment: context.environment };
  const entries =
    options.slots === undefined ? slotsFile.defaultSlotEntries : await slotsFile.loadSlotsFile(options.slots);
  const slotRoots = new Set(entries.map(({ backend, settings }) => backend.dataRoot(settings)));
  // What models and weights hold is the same wherever it is asked.
  const ask = slotsFile.askOf(entries[0]!, slotContext);

  const resultsPaths = new paths.ResultsPaths(options.results);
  const { grid, cells, named } = await step(`Reading ${file}`, async say => {
    const read = await loadGrid(file, { ...(await gridSources(options)), slotRoots });
    const expanded = expandGrid(read);
    const named = await withReader(options, store => nameInResults(read, expanded, store, resultsPaths.root));
    say(`${named.name}: ${expanded.length} cell${expanded.length === 1 ? '' : 's'}`);
    return { grid: { ...read, name: named.name }, cells: expanded, named };
  });
  const specs = distinctData(cells);
  const { found, data, warnings, notes } = await step('Looking at the data', async say => {
    const { found, keep } = await inspectEntries(entries, specs, slotContext, resultsPaths);
    const problems = checkCells(grid, cells, found);
    const models = freezing.frozenModels(cells);
    if (models.length > 0) freezing.checkFreeze(grid, cells, await modelEntries(models, ask));
    const warm = warming.warmCells(cells, found);
    const starts = warm.map(({ start }) => start);
    const fits = warming.checkWarmStarts(grid, warm, await warmStartReports(starts, ask));
    keep();
    const data = recording.describeData(found);
    say(data || 'Data: looked after by the external trainer');
    const words = recording.describeWarnings([...problems, ...fits.warnings]);
    return {
      found,
      data,
      warnings: named.warning === null ? words : [named.warning, ...words],
      notes: fits.notes,
    };
  });
  const slots = await step('Opening slots', async say => {
    const open = await slotsFile.openSlots(entries, slotContext);
    say(recording.describeSlots(open));
    return open;
  });
  return {
    grid,
    record: recording.gridRecord(grid, cells),
    cells,
    slots,
    data,
    warnings,
    notes,
    probeOptions: { slot: slots[0]!, inspections: found, cacheDir: resultsPaths.cache, gridFile: grid.file },
    closeSlots: () => slotsFile.closeSlots(slots),
    async planAgainst(store, planOptions) {
      return planGrid(
        grid,
        cells,
        store,
        found,
        wanted => slotsFile.askEngines(entries, slotContext, wanted),
        resultsPaths.root,
        planOptions,
      );
    },
  };
}
