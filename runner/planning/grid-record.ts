import { createHash } from 'node:crypto';
import { defaultObjective } from '../../trainer/contract/defaults.js';
import type { DataInspection } from '../../trainer/contract/events.js';
import type { DataSpec } from '../../trainer/contract/run-spec.js';
import type { Cell } from '../domain/cell.js';
import type { Grid } from '../domain/grid.js';
import { describeProblem, type Problem } from '../domain/problem.js';
import type { Slot } from '../domain/slot.js';
import type { GridRecord } from '../domain/stored.js';

/** A grid as the store keeps it. Its hash changes with its cells, not with comments. */
export function gridRecord({ name, description, file }: Grid, cells: readonly Cell[]): GridRecord {
  const hash = createHash('sha256');
  for (const { cellId, labels } of cells) hash.update(`${cellId}${JSON.stringify(labels)}\n`);
  return {
    name,
    description,
    file,
    objective: cells[0]?.spec.objective ?? defaultObjective,
    hash: hash.digest('hex'),
  };
}

/** `pets: 7390 images of 37 classes (abyssinian, bengal, birman, …), 40×40`; data sets separated by semicolons. */
export function describeData(inspections: ReadonlyMap<DataSpec, DataInspection>): string {
  const lines = [...inspections].map(([{ name }, { images, classes, imageSize }]) => {
    const size = imageSize === null ? '' : `, ${imageSize}×${imageSize}`;
    const first = classes.slice(0, 5).map(({ name }) => name);
    const named = classes.length > first.length ? [...first, '…'] : first;
    return `${name}: ${images} images of ${classes.length} classes (${named.join(', ')})${size}`;
  });
  return [...new Set(lines)].join('; ');
}

export const describeWarnings = (problems: readonly Problem[]): string[] =>
  problems.map(problem => `warning: ${describeProblem(problem)}`);

/** `2 slots: 1 CPU thread each` */
export function describeSlots(slots: readonly Slot[]): string {
  const devices = new Map<string, number>();
  for (const { device } of slots) devices.set(device, (devices.get(device) ?? 0) + 1);
  const kinds = [...devices].map(([device, count]) => (count === 1 ? device : `${count} × ${device}`));
  return `${slots.length} slot${slots.length === 1 ? '' : 's'}: ${kinds.join(', ')}`;
}
