/** Outcomes with their seeds averaged, and the axes that they lie on. */
import type { Labels } from '../domain/stored.js';
import type { Outcome } from '../readings/outcomes.js';
import { mean } from '../statistics/moments.js';

/** The label that tells cells of one family apart. */
const seedAxis = 'seed';

/** Cells that differ only in their seed. */
export interface Family {
  /** Without the seed. */
  labels: Labels;
  outcomes: readonly Outcome[];
  /** Of the seeds that have one. */
  values: readonly number[];
  /** Null where a seed ended without a value: the mean of the others would be better than what it is. */
  mean: number | null;
}

export function familiesOf(outcomes: readonly Outcome[]): Family[] {
  const groups = new Map<string, Outcome[]>();
  for (const outcome of outcomes) {
    const group = groups.get(outcome.family);
    if (group === undefined) groups.set(outcome.family, [outcome]);
    else group.push(outcome);
  }
  return Array.from(groups.values(), group => {
    const { [seedAxis]: _seed, ...labels } = group[0]!.labels;
    const values = group.flatMap(({ value }) => value ?? []);
    return { labels, outcomes: group, values, mean: values.length < group.length ? null : mean(values) };
  });
}

export interface Axis {
  path: string;
  /** In the order of the grid. */
  labels: readonly string[];
  /** Axes that advance together with it: their effects are one. */
  linked: readonly string[];
}

/** Axes on which the families differ, in the order of the grid. */
export function axesOf(families: readonly Family[]): Axis[] {
  const labels = new Map<string, Set<string>>();
  for (const family of families)
    for (const [path, label] of Object.entries(family.labels))
      labels.set(path, (labels.get(path) ?? new Set()).add(label));
  const axes: { path: string; labels: string[]; linked: string[] }[] = [];
  for (const [path, values] of labels) {
    if (values.size < 2) continue;
    const twin = axes.find(
      each => each.labels.length === values.size && advanceTogether(families, each.path, path),
    );
    if (twin === undefined) axes.push({ path, labels: [...values], linked: [] });
    else twin.linked.push(path);
  }
  return axes;
}

/** Whether the label on one axis tells that on the other, both ways. */
function advanceTogether(families: readonly Family[], a: string, b: string): boolean {
  const there = new Map<string | undefined, string | undefined>();
  const back = new Map<string | undefined, string | undefined>();
  return families.every(({ labels }) => {
    const [ofA, ofB] = [labels[a], labels[b]];
    if (!there.has(ofA)) there.set(ofA, ofB);
    if (!back.has(ofB)) back.set(ofB, ofA);
    return there.get(ofA) === ofB && back.get(ofB) === ofA;
  });
}
