import type { RunSpec } from '../../../../trainer/contract/run-spec.js';
import { type Block, heading, type ReportSection, text } from '../blocks.js';
import type { ReportReading } from '../read-report.js';

const shownSections = [
  'data',
  'model',
  'init',
  'optimizer',
  'scheduler',
  'augmentation',
  'train',
  'params',
] as const;
/** Of lists within settings, such as transforms. */
const mostCharacters = 240;

/** What all cells have in common, and what each value of an axis sets. */
export function settingsSection({ families }: ReportReading): ReportSection {
  const section = { id: 'settings', title: 'Settings' };
  const all = families.map(({ labels, cells }) => ({ labels, settings: flat(cells[0]!.spec) }));
  if (all.length === 0) return { ...section, blocks: [text('There are no cells.')] };
  const paths = [...new Set(all.flatMap(({ settings }) => [...settings.keys()]))];
  const isCommon = (path: string, of: typeof all) =>
    of.every(({ settings }) => settings.get(path) === of[0]!.settings.get(path));
  const common = paths.filter(path => isCommon(path, all));
  const differing = paths.filter(path => !isCommon(path, all));
  const rows = axesOf(all).flatMap(([axis, labels]) =>
    labels.map(label => {
      const own = all.filter(each => each.labels[axis] === label);
      const set = differing.filter(
        path => belongs(path, axis) && isCommon(path, own) && own[0]!.settings.has(path),
      );
      return [axis, label, set.map(path => `${path}: ${own[0]!.settings.get(path)}`).join('; ') || '–'];
    }),
  );
  return {
    ...section,
    blocks: [
      heading('Of all cells'),
      { type: 'code', text: common.map(path => `${path}: ${all[0]!.settings.get(path)}`).join('\n') },
      ...axesTable(rows),
    ],
  };
}

const axesTable = (rows: string[][]): Block[] =>
  rows.length === 0
    ? [text('The grid has no axis but the seed.')]
    : [
        heading('What differs'),
        {
          type: 'table',
          caption: 'Each value of each axis, and what it sets',
          columns: [{ name: 'axis' }, { name: 'value' }, { name: 'settings' }],
          rows,
        },
      ];

function axesOf(all: readonly { labels: Readonly<Record<string, string>> }[]): [string, string[]][] {
  const axes = new Map<string, Set<string>>();
  for (const { labels } of all)
    for (const [axis, label] of Object.entries(labels))
      axes.set(axis, (axes.get(axis) ?? new Set()).add(label));
  return [...axes].map(([axis, labels]) => [axis, [...labels]]);
}

const belongs = (path: string, axis: string) => path === axis || path.startsWith(`${axis}.`);

/** Dotted path → value as JSON. Where data and weights lie is no setting. */
function flat(spec: Readonly<RunSpec>): Map<string, string> {
  const found = new Map<string, string>();
  const add = (path: string, value: unknown) => {
    if (path === 'data.root' || path === 'init.from') return;
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      for (const [key, part] of Object.entries(value)) add(`${path}.${key}`, part);
    else if (value !== undefined) {
      const text = typeof value === 'string' ? value : JSON.stringify(value);
      found.set(path, text.length > mostCharacters ? `${text.slice(0, mostCharacters)}…` : text);
    }
  };
  for (const key of shownSections) add(key, spec[key]);
  return found;
}
