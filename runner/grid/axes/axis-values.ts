/** The labelled values of one axis, from a list or a mapping from labels. */

import { lookOf } from '../../domain/characters.js';
import { type AxisValue, sections } from '../../domain/grid.js';
import type { NodePath } from '../../domain/problem.js';
import { isMapping, sectionKinds } from '../settings/components.js';
import { describeValue } from '../yaml/check-value.js';
import type { Reporter } from '../yaml/reporter.js';
import { entriesOf, plainTextAt } from '../yaml/written.js';
import { deriveLabels } from './labels.js';

/** Whether the keys of the mapping at this path of a grid file are labels of an axis. */
export function holdsLabels([top, axis, third, fourth, ...more]: NodePath): boolean {
  if (top !== 'axes' || axis === undefined || more.length > 0) return false;
  if (axis === 'zip') return typeof third === 'number' && typeof fourth === 'string';
  // `values` beside `when`, or a label with the mapping that it stands for, whose keys are no labels.
  return third === undefined || (third === 'values' && fourth === undefined);
}

/** Reports what is no list and no mapping, and values that are there twice. */
export function parseValues(
  path: string,
  raw: unknown,
  at: NodePath,
  report: Reporter,
): AxisValue[] | undefined {
  if (Array.isArray(raw)) return checkLooks(checkDistinct(path, listed(path, raw, at), report), report);
  if (isMapping(raw)) {
    const values = entriesOf(raw).map(({ key, plainKey, value }) => ({
      label: key,
      plainLabel: plainKey,
      value,
      at: [...at, key],
    }));
    return checkLooks(values, report);
  }
  const hint = (sections as readonly string[]).includes(path)
    ? '; for a single value use the base setting'
    : '';
  report.leaveOut(
    at,
    `must be a list of values or a mapping from labels to values, got ${describeValue(raw)}${hint}`,
  );
  return undefined;
}

function listed(path: string, raw: readonly unknown[], at: NodePath): AxisValue[] {
  const indexes = [...raw.keys()];
  const labels = deriveLabels(path, raw, indexes);
  const plainLabels = deriveLabels(path, raw, indexes, plainTextAt);
  return indexes.map(index => ({
    label: labels[index]!,
    plainLabel: plainLabels[index]!,
    value: raw[index],
    at: [...at, index],
  }));
}

/** Each label once, and each value once however it is written. */
function checkDistinct(path: string, values: AxisValue[], report: Reporter): AxisValue[] {
  const labels = new Map<string, AxisValue>();
  const contents = new Map<string, AxisValue>();
  for (const value of values) {
    // Components are equal with their defaults, which the labels go by.
    const content = Object.hasOwn(sectionKinds, path) ? value.plainLabel : JSON.stringify(value.value);
    const twin = contents.get(content);
    const namesake = labels.get(value.label);
    if (twin !== undefined)
      report.leaveOut(
        value.at,
        `the value is there twice (${twin.label}): first at ${report.place(twin.at)}`,
      );
    else if (namesake !== undefined)
      report.leaveOut(
        value.at,
        `${describeValue(value.value)} and ${describeValue(namesake.value)} (${report.place(namesake.at)}) have one label; write labels: {first: …, second: …}`,
      );
    contents.set(content, twin ?? value);
    labels.set(value.label, namesake ?? value);
  }
  return values;
}

/** Labels that nobody can tell apart would be one row to every reader. */
function checkLooks(values: AxisValue[], report: Reporter): AxisValue[] {
  const looks = new Map<string, AxisValue>();
  for (const value of values) {
    const look = lookOf(value.label);
    const twin = looks.get(look);
    if (twin === undefined) looks.set(look, value);
    else if (twin.label !== value.label)
      report.leaveOut(
        value.at,
        `the label ${unicodeText(value.label)} looks like ${unicodeText(twin.label)} (${report.place(twin.at)}); give it another`,
        'key',
      );
  }
  return values;
}

/** `"adam<U+200B>"`; of letters with accents how they are composed. */
const unicodeText = (label: string) =>
  `"${label.normalize('NFC') === label ? label : label.replaceAll(/\p{M}/gu, mark => `<U+${mark.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}>`)}"`;
