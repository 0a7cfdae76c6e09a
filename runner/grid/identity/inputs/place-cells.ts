import { existsSync } from 'node:fs';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import type { ExternalTrainer } from '../../../../trainer/contract/run-spec.js';
import type { Cell } from '../../../domain/cell.js';
import type { TrainerInputs } from '../../../domain/stored-cell.js';
import { cellIdOf } from '../cell-id.js';
import { type CurrentInputs, inputChanges } from './trainer-inputs.js';

/** What the store knows of whose a cell is. */
export interface CellOrigin {
  /** Recorded by the run that its results rest on; null: made before files were recorded, or not trained yet. */
  inputs: TrainerInputs | null;
  /** Files of the grids that have the cell. */
  gridFiles: readonly string[];
}

/**
 * Gives the cells of an external trainer the ids under which the results of *this* folder are kept.
 *
 * A command means another program in another folder, but the folder's path is no good identity: it changes when a project is
 * renamed, copied or mounted elsewhere. So the first folder has the plain id, under which results were kept before
 * folders were told apart; where that cell's results are another folder's, `trainer.folderNumber` 2 is tried, then 3, ….
 * A cell is this folder's if its results were made here (an edit since makes them stale) or with the very same files (the
 * folder was copied or moved). Of results whose files were not recorded it is told by the grids that have them: one
 * of this folder, one that it was copied from together with the results, or only ones whose folders are gone.
 *
 * @param now files of the trainer as they are
 * @param folder absolute folder of the grid file
 * @param results absolute folder of the results
 * @param originsOf what the store knows of cells, by id
 */
export function placeCells(
  cells: readonly Cell[],
  now: CurrentInputs,
  folder: string,
  results: string,
  originsOf: (cellIds: readonly string[]) => ReadonlyMap<string, CellOrigin>,
): Cell[] {
  const isOurs = ({ inputs, gridFiles }: CellOrigin): boolean => {
    if (inputs !== null)
      return (
        resolve(results, inputs.folder) === folder ||
        (Object.keys(inputs.files).length > 0 && inputChanges(inputs, now).length === 0)
      );
    const files = gridFiles.filter(file => file !== '');
    return (
      !files.some(file => existsSync(dirname(file))) ||
      files.some(file => dirname(file) === folder || wasCopied(file, folder, results))
    );
  };
  const placed = [...cells];
  let open = [...placed.keys()];
  for (let number = 1; open.length > 0; number++) {
    if (number > 1) for (const index of open) placed[index] = numbered(placed[index]!, number);
    const origins = originsOf(open.map(index => placed[index]!.cellId));
    open = open.filter(index => {
      const origin = origins.get(placed[index]!.cellId);
      return origin !== undefined && !isOurs(origin);
    });
  }
  return placed;
}

/** Whether a grid lies beside other results as one in `folder` does beside these: a project was copied with its results. */
function wasCopied(other: string, folder: string, results: string): boolean {
  const project = dirname(results);
  const ours = join(folder, basename(other));
  const [here, there] = [ours, other].map(file => relative(project, file)) as [string, string];
  return !here.startsWith('..') && there.startsWith('..') && there.endsWith(sep + here) && existsSync(ours);
}

/** Cells share their sections; a frozen one is hashed once. */
const sections = new WeakMap<ExternalTrainer, Map<number, ExternalTrainer>>();

function numbered(cell: Cell, folderNumber: number): Cell {
  const { trainer } = cell.spec;
  if (trainer === null) return cell;
  const known = sections.get(trainer) ?? new Map<number, ExternalTrainer>();
  sections.set(trainer, known);
  const section = known.get(folderNumber) ?? Object.freeze({ ...trainer, folderNumber });
  known.set(folderNumber, section);
  const spec = { ...cell.spec, trainer: section };
  return { ...cell, spec, cellId: cellIdOf(spec) };
}
