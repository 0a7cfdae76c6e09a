/** Cells of a grid as they are compared. */
import type { DataInspection } from '../../trainer/contract/events.js';
import type { DataSpec } from '../../trainer/contract/run-spec.js';
import type { Cell } from '../domain/cell.js';
import type { Objective } from '../domain/metric.js';
import { familyOf } from '../store/sqlite/family.js';
import type { StoppableCell } from './cells.js';

/** What is known of the data that a cell is measured on. */
export interface Measuring {
  images: number | null;
  /** Share of the images that are of the largest class, as far as is known; null: not known. */
  largestShare: number | null;
  classes: number | null;
}

const measuringOf = ({ validationImages, classes }: DataInspection): Measuring => {
  const all = classes.reduce((sum, { count }) => sum + count, 0);
  return {
    images: validationImages,
    largestShare: all === 0 ? null : Math.max(...classes.map(({ count }) => count)) / all,
    classes: classes.length,
  };
};

/** @param measuring undefined: nothing is known, as of data that an external trainer looks after */
export function stoppableCell(
  { cellId, labels, spec }: Pick<Cell, 'cellId' | 'labels' | 'spec'>,
  { metric }: Objective,
  measuring: Measuring | undefined,
): StoppableCell {
  const { warmupEpochs } = spec.scheduler;
  const { images = null, largestShare = null, classes = null } = measuring ?? {};
  return {
    cellId,
    labels,
    family: familyOf(spec),
    epochs: spec.train.epochs,
    warmupEpochs: typeof warmupEpochs === 'number' ? warmupEpochs : 0,
    images: /Accuracy$/.test(metric) ? images : null,
    chance: chanceOf(metric, largestShare, classes),
  };
}

/** Of whoever always names the largest class, or finds all equally likely. */
function chanceOf(metric: string, largestShare: number | null, classes: number | null): number | null {
  if (classes === null || classes < 2) return null;
  if (/Top5Accuracy$/.test(metric)) return classes > 5 ? 5 / classes : null;
  if (/Accuracy$/.test(metric)) return largestShare;
  return /^(v|emaV)alidationLoss$/.test(metric) ? Math.log(classes) : null;
}

/** Cells of a grid whose data were looked at, in its order. */
export const stoppableCells = (
  cells: readonly Cell[],
  objective: Objective,
  inspections: ReadonlyMap<DataSpec, DataInspection>,
): StoppableCell[] => {
  const known = new Map([...inspections].map(([data, inspection]) => [data, measuringOf(inspection)]));
  return cells.map(cell => stoppableCell(cell, objective, known.get(cell.spec.data)));
};
