/** Suggestions put into a grid file, as changes of its text: comments, labels and order stay. */
import { type Document, isMap, isSeq } from 'yaml';
import type { Change, Suggestion } from '../../conclusions/suggestions/suggestion.js';
import type { Axis, Grid } from '../../domain/grid.js';
import type { NodePath } from '../../domain/problem.js';

/** One way to follow a suggestion; the first that makes a grid without problems is taken. */
interface Way {
  words: string;
  apply(document: Document): void;
}

/** @param models of the suggestions of this kind; null: of the whole grid */
export function waysOf({ change }: Suggestion, models: readonly string[] | null, grid: Grid): Way[] {
  switch (change.kind) {
    case 'moreEpochs': {
      const longest = Math.max(change.epochs, ...numbersOf(axisOf('train.epochs', grid)));
      return [axisWith('train.epochs', change.epochs, 2 * longest, models, grid)];
    }
    case 'morePatience':
      return [axisWith('scheduler.patience', change.patience, 2 * change.patience, models, grid, 'plateau')];
    case 'regularize':
      return [
        axisWith(
          'train.labelSmoothing',
          Number(baseOf('train', 'labelSmoothing', grid) ?? 0),
          0.1,
          models,
          grid,
        ),
        axisWith('augmentation', baseOf('augmentation', null, grid) ?? 'none', 'imagenet', models, grid),
        axisWith('model.dropout', Number(baseOf('model', 'dropout', grid) ?? 0), 0.5, models, grid),
        axisWith(
          'optimizer.weightDecay',
          Number(baseOf('optimizer', 'weightDecay', grid) ?? 0),
          0.05,
          models,
          grid,
        ),
      ].filter(way => way.isNew);
    case 'extend':
      return [extension(change, grid)];
    case 'drop':
      return dropping(change, grid);
  }
}

const axesOf = ({ dimensions }: Grid): Axis[] => dimensions.flatMap(({ axes }) => [...axes]);
const axisOf = (path: string, grid: Grid) => axesOf(grid).find(axis => axis.path === path);
const numbersOf = (axis: Axis | undefined) =>
  axis?.values.flatMap(({ value }) => (typeof value === 'number' ? [value] : [])) ?? [];

/** What the file's base says of a section, or of one of its keys. */
function baseOf(section: string, key: string | null, { base }: Grid): unknown {
  const value = base.find(({ path }) => path === section)?.value;
  if (key === null) return value;
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined;
}

/** One value more on an axis that is there, else an axis of the old value and the new one, where it matters. */
function axisWith(
  path: string,
  old: unknown,
  value: unknown,
  models: readonly string[] | null,
  grid: Grid,
  scheduler?: string,
): Way & { isNew: boolean } {
  const axis = axisOf(path, grid);
  if (axis !== undefined)
    return {
      isNew: !axis.values.some(({ value: known }) => known === value),
      words: `${path}: ${value}`,
      apply: document => addValue(document, axis, String(value), value, 'high'),
    };
  const labels = axisOf('model', grid)?.values.map(({ label }) => label) ?? [];
  const some = models === null ? [] : labels.filter(label => models.includes(label));
  const plateaus =
    axisOf('scheduler', grid)?.values.filter(({ label }) => label.includes(scheduler ?? '\0')) ?? [];
  const when = {
    ...(some.length > 0 && some.length < labels.length && { model: some }),
    ...(plateaus.length > 0 && { scheduler: plateaus.map(({ label }) => label) }),
  };
  const values = [old, value];
  const isAlways = Object.keys(when).length === 0;
  return {
    isNew: old !== value,
    words: `${path}: ${values.join(', ')}${isAlways ? '' : ` when ${JSON.stringify(when)}`}`,
    apply: document =>
      document.setIn(['axes', path], document.createNode(isAlways ? values : { when, values })),
  };
}

function extension({ axis: path, value, end }: Extract<Change, { kind: 'extend' }>, grid: Grid): Way {
  const axis = axisOf(path, grid);
  return {
    words: `${path}: ${value}`,
    apply(document) {
      if (axis === undefined) throw new Error(`${path} is no axis of the file any more`);
      addValue(document, axis, String(value), value, end);
    },
  };
}

function addValue(
  document: Document,
  { at, values }: Axis,
  label: string,
  value: unknown,
  end: 'low' | 'high',
) {
  const holder = document.getIn(holderOf(at, values[0]!.at), true);
  if (isSeq(holder)) {
    if (end === 'low') holder.items.unshift(document.createNode(value));
    else holder.items.push(document.createNode(value));
  } else if (isMap(holder)) holder.set(label, value);
  else throw new Error('its values can’t be found in the file');
}

/** The list or mapping of an axis' values: under `values` where it has a condition. */
const holderOf = (axis: NodePath, first: NodePath): NodePath =>
  first.length > axis.length ? first.slice(0, -1) : axis;

function dropping({ axis: path, label }: Extract<Change, { kind: 'drop' }>, grid: Grid): Way[] {
  const value = axisOf(path, grid)?.values.find(known => known.label === label);
  const words = `${path} without ${label}`;
  return [
    ...(value === undefined
      ? []
      : [{ words, apply: (document: Document) => void document.deleteIn(value.at) }]),
    {
      words,
      // What names the value elsewhere in the file can stay.
      apply: document => document.addIn(['exclude'], document.createNode({ [path]: label })),
    },
  ];
}
