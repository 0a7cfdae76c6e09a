/** Two values of an axis beside each other, everything else being the same. */
import type { Labels } from '../../domain/stored.js';
import { mean } from '../../statistics/moments.js';
import type { Axis, Family } from '../families.js';

/** What one value came to in one combination of the other axes. */
export interface Side {
  /** Mean of the families' means; null: a cell of it ended without a value. */
  mean: number | null;
  families: readonly Family[];
}

export interface Pair {
  /** Labels that both sides have. */
  unit: Labels;
  a: Side;
  b: Side;
}

export interface Pairing {
  a: string;
  b: string;
  /** In the order of the grid; in some a side has no mean. */
  pairs: readonly Pair[];
  /** Axes that are averaged over: a side has no labels on them, or none that the other has. */
  averaged: readonly string[];
}

/** The unit of comparison is a combination of all other axes but the seed that has both values. */
export function pairsOf(families: readonly Family[], axis: Axis, a: string, b: string): Pairing {
  const ofA = families.filter(({ labels }) => labels[axis.path] === a);
  const ofB = families.filter(({ labels }) => labels[axis.path] === b);
  const others = otherAxes([...ofA, ...ofB], axis);
  const matched = others.filter(path => isMatched(ofA, ofB, path));
  const unitOf = ({ labels }: Family) => JSON.stringify(matched.map(path => labels[path]));
  const byUnit = grouped(ofB, unitOf);
  const pairs = [...grouped(ofA, unitOf)].flatMap(([unit, own]): Pair[] => {
    const other = byUnit.get(unit);
    if (other === undefined) return [];
    const labels = Object.fromEntries(matched.map(path => [path, own[0]!.labels[path]!]));
    return [{ unit: labels, a: sideOf(own), b: sideOf(other) }];
  });
  const differs = (path: string) => new Set([...ofA, ...ofB].map(({ labels }) => labels[path])).size > 1;
  return { a, b, pairs, averaged: others.filter(path => !matched.includes(path) && differs(path)) };
}

function otherAxes(families: readonly Family[], axis: Axis): string[] {
  const paths = new Set(families.flatMap(({ labels }) => Object.keys(labels)));
  for (const own of [axis.path, ...axis.linked]) paths.delete(own);
  return [...paths];
}

function isMatched(ofA: readonly Family[], ofB: readonly Family[], path: string): boolean {
  const labels = new Set(ofA.map(family => family.labels[path]));
  const others = ofB.map(family => family.labels[path]);
  return !labels.has(undefined) && !others.includes(undefined) && others.some(label => labels.has(label));
}

function sideOf(families: readonly Family[]): Side {
  const means = families.flatMap(({ mean }) => mean ?? []);
  return { mean: means.length < families.length ? null : mean(means), families };
}

/** Squared standard error of a side's mean, where the variance of a seed is 1. */
export const seedError = ({ families }: Side): number =>
  families.reduce((sum, { values }) => sum + 1 / values.length, 0) / families.length ** 2;

function grouped(families: readonly Family[], keyOf: (family: Family) => string): Map<string, Family[]> {
  const groups = new Map<string, Family[]>();
  for (const family of families) {
    const key = keyOf(family);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [family]);
    else group.push(family);
  }
  return groups;
}
