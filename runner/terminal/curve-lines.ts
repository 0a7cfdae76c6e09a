/** Curves of a cell in characters. */
import { trainingCounterpart } from '../domain/metric.js';
import type { CellReading } from '../readings/cell.js';
import { cellName, shortId } from '../text/names.js';
import { formatNumber } from '../text/numbers.js';
import { plotLine } from '../text/plot.js';

const height = 7;
const axisColumns = 10;
const mostColumns = 100;
const fewestColumns = 20;

/** The objective, its counterpart in training, losses and the learning rate, each over its epochs; those that the cell has. */
export function curveLines({ cell, grids, state, spec, epochs }: CellReading, width: number): string[] {
  const { objective } = spec;
  const wanted = [
    objective.metric,
    trainingCounterpart(objective),
    'validationLoss',
    'trainLoss',
    'learningRate',
  ];
  const names = [...new Set(wanted)].filter(
    (name): name is string => name !== null && epochs.some(({ metrics }) => Number.isFinite(metrics[name])),
  );
  const title = `${shortId(cell)} ${cellName(cell, grids[0]?.labels ?? {})}: ${state}, ${epochs.length} of ${spec.train.epochs} epochs`;
  if (names.length === 0) return [title, 'no epoch has a value yet'];
  return [
    title,
    ...names.flatMap(name => [
      '',
      ...curve(
        name,
        epochs.map(({ epoch, metrics }) => ({ epoch, value: metrics[name] ?? null })),
        width,
      ),
    ]),
  ];
}

interface Point {
  epoch: number;
  value: number | null;
}

function curve(name: string, points: readonly Point[], width: number): string[] {
  const valued = points.flatMap(({ epoch, value }) => (value === null ? [] : [{ epoch, value }]));
  const values = valued.map(({ value }) => value);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const [first, last] = [points[0]!.epoch, points.at(-1)!.epoch];
  const columns = Math.max(fewestColumns, Math.min(width, mostColumns) - axisColumns - 2);
  const plot = plotLine(
    valued.map(({ epoch, value }) => ({
      x: last === first ? 0 : (epoch - first) / (last - first),
      y: high === low ? 0.5 : (value - low) / (high - low),
    })),
    columns,
    height,
  );
  const lost = points.length - valued.length;
  const without = lost === 0 ? '' : ` (${lost} epoch${lost === 1 ? '' : 's'} without a value)`;
  const label = (row: number) =>
    row === 0 ? formatNumber(high) : row === height - 1 ? formatNumber(low) : '';
  const ends = last === first ? `${first}` : `${first}${String(last).padStart(columns - `${first}`.length)}`;
  return [
    `${name} ${formatNumber(valued[0]!.value)} → ${formatNumber(valued.at(-1)!.value)}${without}`,
    ...plot.map((line, row) => `${label(row).padStart(axisColumns)} │${line}`),
    `${' '.repeat(axisColumns)} └${'─'.repeat(columns)}`,
    `${'epoch'.padStart(axisColumns)}  ${ends}`,
  ];
}
