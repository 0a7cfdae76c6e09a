/** What was found of a grid before it is planned, in words. */
import type { DataInspection } from '../../trainer/contract/events.js';
import type { DataSpec } from '../../trainer/contract/run-spec.js';
import { describeProblem, type Problem } from '../domain/problem.js';
import type { Slot } from '../domain/slot.js';

/** `pets: 7390 images of 37 classes (abyssinian, bengal, birman, …), 40×40`; data sets separated by semicolons; empty without any. */
export function dataLine(inspections: ReadonlyMap<DataSpec, DataInspection>): string {
  const lines = [...inspections].map(([{ name }, { images, classes, imageSize }]) => {
    const size = imageSize === null ? '' : `, ${imageSize}×${imageSize}`;
    const first = classes.slice(0, 5).map(({ name }) => name);
    const named = classes.length > first.length ? [...first, '…'] : first;
    return `${name}: ${images} images of ${classes.length} classes (${named.join(', ')})${size}`;
  });
  return [...new Set(lines)].join('; ');
}

/** What is no error and should be seen: a clash of names, the data, the weights. */
export const warningsOf = ({
  nameClash,
  warnings,
}: {
  nameClash: string | null;
  warnings: readonly Problem[];
}): string[] => [
  ...(nameClash === null ? [] : [nameClash]),
  ...warnings.map(problem => `warning: ${describeProblem(problem)}`),
];

/** `2 slots: 1 CPU thread each` */
/** `addresses`: where agents bring theirs to. */
export function describeSlots(slots: readonly Slot[], addresses: readonly string[] = []): string {
  const awaited = addresses.length === 0 ? '' : `agents are awaited at ${addresses.join(', ')}`;
  if (slots.length === 0 && awaited !== '') return `no slots yet: ${awaited}`;
  const devices = new Map<string, number>();
  for (const { device } of slots) devices.set(device, (devices.get(device) ?? 0) + 1);
  const kinds = [...devices].map(([device, count]) => (count === 1 ? device : `${count} × ${device}`));
  return `${slots.length} slot${slots.length === 1 ? '' : 's'}: ${kinds.join(', ')}${awaited && `; ${awaited}`}`;
}
