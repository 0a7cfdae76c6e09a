/** Checks one setting: a value on a settings path, be it from the base, an axis or an included cell. */
import type { Schema } from '../../../trainer/contract/schema.js';
import { type Section, type Setting, sections } from '../../domain/grid.js';
import { checkValue, describeValue } from '../yaml/check-value.js';
import { suggestion } from '../yaml/nearest.js';
import type { Reporter } from '../yaml/reporter.js';
import { augmentationSchemas, checkAugmentation, checkAugmentationKey } from './augmentation.js';
import { checkComponent, isMapping, sectionKinds } from './components.js';
import { plainSections, schemaAt } from './settings-schema.js';

const isPlain = (section: string): section is keyof typeof plainSections =>
  Object.hasOwn(plainSections, section);

/** `optimizer.learningRate` → `['optimizer', ['learningRate']]`. */
export function splitPath(path: string): [Section, string[]] {
  const [section, ...rest] = path.split('.');
  return [section as Section, rest];
}

function pathsBelow(prefix: string, schema: Schema): string[] {
  return Object.entries(schema.properties ?? {}).flatMap(([key, child]) => {
    const path = `${prefix}.${key}`;
    return [path, ...pathsBelow(path, child)];
  });
}

const componentPaths = Object.entries(sectionKinds).flatMap(([section, { table }]) => [
  section,
  ...new Set(
    Object.values(table).flatMap(parameters => Object.keys(parameters).map(key => `${section}.${key}`)),
  ),
]);

/** Every path that an axis may name with the shared trainer. */
export const settingPaths: readonly string[] = [
  ...componentPaths,
  'augmentation',
  ...Object.keys(augmentationSchemas).map(key => `augmentation.${key}`),
  'seed',
  ...(['train', 'data', 'init'] as const).flatMap(section => [
    section,
    ...pathsBelow(section, plainSections[section]),
  ]),
];
const known = new Set(settingPaths);

export const paramsNeedTrainer = 'params are for an external trainer (`trainer: {command: […]}`)';

/** Why no axis or included cell can name this path, or undefined if it can. */
export function pathProblem(path: string, free: boolean): string | undefined {
  const [section, rest] = splitPath(path);
  if (section === 'trainer') return 'the trainer is the same for all cells';
  // Cells of different objectives have values that can't be ranked together.
  if (section === 'objective')
    return 'all cells of a grid are ranked by one objective: write it once, beside `axes`; another one is for another grid';
  if (section === 'params' && !free) return paramsNeedTrainer;
  const freeForm = section === 'params' || section === 'augmentation' || Object.hasOwn(sectionKinds, section);
  if (known.has(path) || (free && freeForm && rest.every(part => part !== '' && part !== '__proto__')))
    return undefined;
  if (!(sections as readonly string[]).includes(section))
    return `unknown setting "${path}"${suggestion(path, settingPaths, 'settings')}`;
  const below = settingPaths
    .filter(other => other.startsWith(`${section}.`))
    .map(other => splitPath(other)[1].join('.'));
  return `unknown setting "${path}": ${section} has no "${rest.join('.')}"${suggestion(rest.join('.'), below, 'it has')}`;
}

/**
 * Reports what is wrong with the value of a setting whose path is known. The value of a component's parameter is
 * checked later, when it is known which component it meets (resolve.ts).
 */
export function checkSetting({ path, value, at }: Setting, report: Reporter, free: boolean): void {
  const [section, rest] = splitPath(path);
  if (
    section === 'params' ||
    (free && rest.length > 0 && (Object.hasOwn(sectionKinds, section) || section === 'augmentation'))
  ) {
    if (path === 'params' && !isMapping(value))
      report.add(at, `must be a mapping, got ${describeValue(value)}`);
    checkFinite(value, at, report);
  } else if (section === 'augmentation') {
    if (rest.length === 0) checkAugmentation(value, at, report, free);
    else checkAugmentationKey(rest[0] as keyof typeof augmentationSchemas, value, at, report, free);
  } else if (isPlain(section)) checkValue(schemaAt(plainSections[section], rest)!, value, at, report, path);
  else if (rest.length === 0) {
    checkComponent(sectionKinds[section]!, value, at, report, free);
    if (free) checkFinite(value, at, report);
  }
}

/** Free values travel as JSON, which has no NaN and no infinities. */
function checkFinite(value: unknown, at: Setting['at'], report: Reporter): void {
  if (typeof value === 'number' && !Number.isFinite(value)) report.add(at, `must be finite, got ${value}`);
  else if (Array.isArray(value))
    for (const [index, entry] of value.entries()) checkFinite(entry, [...at, index], report);
  else if (isMapping(value))
    for (const [key, entry] of Object.entries(value)) checkFinite(entry, [...at, key], report);
}
