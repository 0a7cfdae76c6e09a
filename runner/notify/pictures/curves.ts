import { readCurves } from '../../readings/curves.js';
import type { StoreReader } from '../../store/run-store.js';
import { cellName } from '../../text/names.js';
import type { Digest } from '../digest.js';
import { linesChart } from './chart.js';

/** The objective of the best cells over their epochs, as PNG; undefined: none has a value, or it can't be drawn here. */
export function curvesOfBest(store: StoreReader, { grid, objective, top }: Digest): Uint8Array | undefined {
  const rows = top.filter(({ value }) => value !== null);
  const ids = rows.map(({ cells }) => cells[0]!);
  const curves = readCurves(store, ids, [objective.metric]);
  const lines = rows.map(({ rank, labels }, i) => ({
    name: `${rank ?? '–'}. ${cellName(ids[i]!, labels)}`,
    points: curves.get(ids[i]!)?.get(objective.metric) ?? [],
  }));
  if (lines.every(({ points }) => points.length === 0)) return undefined;
  try {
    return linesChart(grid, objective.metric, lines);
  } catch {
    return undefined;
  }
}
