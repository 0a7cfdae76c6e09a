import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { DataInspection } from '../../trainer/contract/events.js';
import type { DataSpec, RunSpec } from '../../trainer/contract/run-spec.js';
import type { Cell } from '../domain/cell.js';
import { GridfarmError } from '../domain/error.js';
import type { Plan, PlannedCell } from '../domain/plan.js';
import type { OpenSlot } from '../slots/backend.js';
import { dataAt } from '../slots/data-root.js';
import { startOn } from '../slots/submission.js';
import { CellPaths } from '../store/run-paths.js';
import { folderArtifacts } from '../trainer-client/artifacts.js';
import { type EpochTime, estimate } from './estimate.js';

/** Images that a probe trains on, over all classes. */
const probeImages = 512;

export interface ProbeOptions {
  slot: OpenSlot;
  inspections: ReadonlyMap<DataSpec, DataInspection>;
  /** The results' cache of decoded data. */
  cacheDir: string;
  gridFile: string;
}

/**
 * Epoch times of the cells that nothing like has been measured of: two short epochs of one cell of each kind on a small part of
 * its data, the second scaled to all of it. Nothing of it is kept. Cells of external trainers stay unknown.
 *
 * @throws with the trainer's words if a probe fails
 */
export async function probeCells(
  plan: Plan,
  known: readonly EpochTime[],
  options: ProbeOptions,
): Promise<EpochTime[]> {
  const times: EpochTime[] = [];
  for (const planned of plan.cells) {
    const { cell } = planned;
    const inspection = options.inspections.get(cell.spec.data);
    if (inspection === undefined || planned.action === 'skip') continue;
    if (isKnown(planned, [...known, ...times])) continue;
    times.push({ spec: cell.spec, seconds: await probe(cell, inspection, options) });
  }
  return times;
}

function isKnown(planned: PlannedCell, times: readonly EpochTime[]): boolean {
  const alone: Plan = { cells: [planned], counts: {} as Plan['counts'], removed: [], unknownInputs: 0 };
  return estimate(alone, times, 1).unknownCells === 0;
}

async function probe(cell: Cell, inspection: DataInspection, options: ProbeOptions): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'gridfarm-probe-'));
  try {
    const handle = startOn(options.slot, {
      cellId: `probe-${cell.cellId}`,
      attempt: 1,
      spec: shortened(cell.spec, inspection, options.slot),
      finishedEpochs: 0,
      engine: null,
      artifacts: folderArtifacts(
        { cell: new CellPaths(folder), cache: options.cacheDir, grid: dirname(options.gridFile) },
        cell.spec.init,
      ),
    });
    let trained = 0;
    let seconds = 0;
    for await (const event of handle.events) {
      if (event.type === 'started') trained = event.trainImages + event.validationImages;
      // The second epoch: the first holds the warm-up of the process.
      if (event.type === 'epoch') seconds = event.metrics.seconds ?? 0;
    }
    const exit = await handle.exit;
    if (exit.outcome !== 'completed' || trained === 0)
      throw new GridfarmError(
        'trainer',
        `the probe of cell ${cell.cellId} failed: ${exit.outcome === 'failed' ? exit.failure.message : exit.outcome}`,
      );
    return (seconds * inspection.images) / trained;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function shortened(spec: Readonly<RunSpec>, { classes }: DataInspection, { dataRoot }: OpenSlot): RunSpec {
  const perClass = Math.max(4, Math.ceil(probeImages / Math.max(1, classes.length)));
  const imagesPerClass = Math.min(perClass, spec.data.limit.imagesPerClass ?? perClass);
  return {
    ...spec,
    train: { ...spec.train, epochs: 2 },
    data: { ...dataAt(dataRoot, spec.data), limit: { ...spec.data.limit, imagesPerClass } },
  };
}
