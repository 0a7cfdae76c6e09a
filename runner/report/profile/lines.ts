import type { Phase, Profile, ProfileEntry } from '../../../trainer/contract/profile.js';
import { textTable } from '../../text/table.js';

/** Rows of a table; the rest is one row. */
const mostRows = 20;

interface Row {
  name: string;
  calls: number;
  forward: number;
  backward: number;
  total: number;
}

/** The profile for a terminal of so many columns. */
export function profileLines(profile: Profile, width: number | undefined): string[] {
  const { entries, timedMilliseconds } = profile;
  const table = (title: string, rows: readonly Row[]) => tableOf(title, rows, timedMilliseconds, width);
  const between = betweenKernels(profile);
  return [
    ...headLines(profile),
    '',
    ...phaseTable(profile, width),
    '',
    ...table('operation', [...limited(grouped(entries, entry => entry.op)), between]),
    '',
    ...table('layer', limited(grouped(entries, entry => entry.layer))),
  ];
}

/** The time of a step that no kernel takes. */
function betweenKernels({ entries, timedMilliseconds }: Profile): Row {
  const kernels = entries.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
  const total = Math.max(0, timedMilliseconds - kernels);
  return { name: '(between kernels)', calls: 0, forward: 0, backward: 0, total };
}

/** Phases in their order; with what lies between their kernels. */
function phaseTable({ phases, entries, timedMilliseconds }: Profile, width: number | undefined): string[] {
  const rows = Object.entries(phases) as [Phase, number][];
  const kernels = (wanted: Phase) =>
    entries.reduce((sum, { phase, milliseconds }) => sum + (phase === wanted ? milliseconds : 0), 0);
  return textTable(
    [
      { title: 'phase', cells: rows.map(([phase]) => phase) },
      { title: 'ms', cells: rows.map(([, time]) => milliseconds(time)), align: 'right' },
      { title: 'share', cells: rows.map(([, time]) => percent(time / timedMilliseconds)), align: 'right' },
      { title: 'in kernels', cells: rows.map(([phase]) => milliseconds(kernels(phase))), align: 'right' },
    ],
    width,
  );
}

function headLines(profile: Profile): string[] {
  const { engine, batchSize, parameters, step, timedMilliseconds, isSynchronous, peakMemoryMegabytes } =
    profile;
  const overhead = 100 * (timedMilliseconds / step.milliseconds - 1);
  return [
    `${engine.name}: ${engine.version}, ${engine.device}; ${parameters.toLocaleString('en')} parameters, batches of ${batchSize}`,
    `${step.imagesPerSecond.toFixed(1)} images/s: step ${milliseconds(step.milliseconds)} ± ${milliseconds(step.deviation)} ms (n = ${step.count}), ${(100 * step.dataWaitShare).toFixed(1)}% more waiting for data`,
    `peak memory ${peakMemoryMegabytes.toFixed(0)} MB, decoded data included`,
    `timing kernel by kernel: ${milliseconds(timedMilliseconds)} ms a step (${overhead >= 0 ? '+' : ''}${overhead.toFixed(1)}%)${isSynchronous ? '' : '; this device works on its own: the times are those of handing kernels over'}`,
  ];
}

function grouped(entries: readonly ProfileEntry[], nameOf: (entry: ProfileEntry) => string): Row[] {
  const rows = new Map<string, Row>();
  for (const entry of entries) {
    const name = nameOf(entry);
    const row = rows.get(name) ?? { name, calls: 0, forward: 0, backward: 0, total: 0 };
    rows.set(name, row);
    row.calls += entry.calls;
    row.total += entry.milliseconds;
    if (entry.phase === 'forward' || entry.phase === 'backward') row[entry.phase] += entry.milliseconds;
  }
  return [...rows.values()].sort((a, b) => b.total - a.total);
}

function tableOf(title: string, rows: readonly Row[], whole: number, width: number | undefined): string[] {
  const cells = (of: (row: Row) => string) => rows.map(of);
  return textTable(
    [
      { title, cells: cells(row => row.name), shrinksTo: 12 },
      { title: 'ms', cells: cells(row => milliseconds(row.total)), align: 'right' },
      { title: 'share', cells: cells(row => percent(row.total / whole)), align: 'right' },
      { title: 'forward', cells: cells(row => some(row.forward)), align: 'right', dropOrder: 1 },
      { title: 'backward', cells: cells(row => some(row.backward)), align: 'right', dropOrder: 2 },
      {
        title: 'calls',
        cells: cells(row => (row.calls === 0 ? '' : `${Number(row.calls.toFixed(1))}`)),
        align: 'right',
        dropOrder: 3,
      },
    ],
    width,
  );
}

const limited = (rows: readonly Row[]): readonly Row[] =>
  rows.length > mostRows ? [...rows.slice(0, mostRows - 1), restOf(rows.slice(mostRows - 1))] : rows;

function restOf(rows: readonly Row[]): Row {
  const sum = (of: (row: Row) => number) => rows.reduce((total, row) => total + of(row), 0);
  return {
    name: `${rows.length} others`,
    calls: sum(row => row.calls),
    forward: sum(row => row.forward),
    backward: sum(row => row.backward),
    total: sum(row => row.total),
  };
}

const percent = (share: number) => `${(100 * share).toFixed(1)}%`;
const milliseconds = (value: number) => (value >= 100 ? value.toFixed(0) : value.toFixed(2));
const some = (value: number) => (value === 0 ? '' : milliseconds(value));
