/** Settings that meet in a cell → one fully resolved section of its RunSpec. */
import { defaultObjective, defaultSeed, defaultTrain } from '../../../trainer/contract/defaults.js';
import { omitLaterSettings } from '../../../trainer/contract/later-settings.js';
import type { Component, Objective } from '../../../trainer/contract/run-spec.js';
import { withDefaults } from '../../../trainer/contract/schema.js';
import type { Section, Setting } from '../../domain/grid.js';
import { checkValue } from '../yaml/check-value.js';
import { suggestion } from '../yaml/nearest.js';
import { fillAugmentation } from './augmentation.js';
import { asComponent, type ComponentKind, fillComponent, isMapping, sectionKinds } from './components.js';
import { resolveData } from './data-settings.js';
import { resolveInit } from './init-settings.js';
import { merged } from './merge.js';
import type { ResolveContext } from './resolve-context.js';
import { splitPath } from './settings.js';
import { plainSections } from './settings-schema.js';

/**
 * Later settings win over earlier ones, deeper ones over those above them. A component or an augmentation
 * replaces the one before it as a whole; mappings of other sections are merged.
 *
 * @param settings all on paths of this section
 * @returns the section with every default but those of `laterSettings`, deeply frozen
 */
export function resolveSection(
  section: Section,
  settings: readonly Setting[],
  context: ResolveContext,
): unknown {
  const ordered = [...settings].sort((a, b) => splitPath(a.path)[1].length - splitPath(b.path)[1].length);
  return deepFreeze(omitLaterSettings(section, resolveOrdered(section, ordered, context)));
}

function resolveOrdered(section: Section, settings: readonly Setting[], context: ResolveContext): unknown {
  switch (section) {
    case 'model':
    case 'optimizer':
    case 'scheduler':
      return resolveComponent(sectionKinds[section]!, settings, context);
    case 'init':
      return resolveInit(settings, context);
    case 'augmentation':
      return resolveAugmentation(settings);
    case 'data':
      return resolveData(settings, merged({}, settings), context);
    case 'seed':
      return settings.at(-1)?.value ?? defaultSeed;
    case 'trainer':
      return settings.length === 0 ? null : merged({ persistent: false }, settings);
    case 'train':
      return withDefaults(plainSections.train, merged(defaultTrain, settings));
    case 'objective':
      return resolveObjective(settings);
    case 'params':
      return merged({}, settings);
  }
}

/** Names of sections that a grid for the shared trainer may leave out. */
const defaultNames: Readonly<Record<string, string>> = { scheduler: 'constant' };

function resolveComponent(
  kind: ComponentKind,
  settings: readonly Setting[],
  { report, free }: ResolveContext,
): Component {
  const whole = settings.findLast(({ path }) => path === kind.noun);
  const name = free ? 'none' : defaultNames[kind.noun];
  if (whole === undefined && name === undefined && !report.incomplete)
    report.add(
      [],
      `"${kind.noun}" is missing, as a setting or as an axis; known: ${Object.keys(kind.table).join(', ')}`,
    );
  const component: Component = { ...asComponent(whole?.value ?? name) };
  const parameters = Object.hasOwn(kind.table, component.name) ? kind.table[component.name]! : undefined;
  for (const { path, value, at, axisAt } of settings) {
    const [key] = splitPath(path)[1];
    if (key === undefined) continue;
    component[key] = value;
    if (free || parameters === undefined) continue;
    if (Object.hasOwn(parameters, key)) checkValue(parameters[key]!, value, at, report);
    else {
      const chosen = whole ? ` (${report.place(whole.at)})` : '';
      report.add(
        axisAt ?? at,
        `${kind.noun} ${component.name}${chosen} has no parameter "${key}"${suggestion(key, Object.keys(parameters), 'it has')}; an axis that only some of them have needs "when"`,
        'key',
      );
    }
  }
  if (free || parameters === undefined) return component;
  for (const [key, schema] of Object.entries(parameters))
    if (schema.default === undefined && component[key] === undefined)
      report.add(whole?.at ?? [], `${kind.noun} ${component.name} needs "${key}" (${schema.description})`);
  return fillComponent(kind, component);
}

/** Less is better of losses and errors, unless the grid says otherwise. */
export function resolveObjective(settings: readonly Setting[]): Objective {
  const { metric, direction } = { ...defaultObjective, direction: undefined, ...merged({}, settings) };
  return { metric, direction: direction ?? (/loss|error/i.test(metric) ? 'minimize' : 'maximize') };
}

function resolveAugmentation(settings: readonly Setting[]) {
  const whole = settings.findLast(({ path }) => path === 'augmentation')?.value;
  return fillAugmentation(
    merged(
      isMapping(whole) ? whole : { preset: whole },
      settings.filter(({ path }) => path !== 'augmentation'),
    ),
  );
}

function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  for (const child of Object.values(value)) deepFreeze(child);
  return Object.freeze(value);
}
