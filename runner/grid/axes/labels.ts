/** Labels for values that are written without one. */

import { canonicalJson } from '../identity/canonical-json.js';
import { fillAugmentation } from '../settings/augmentation.js';
import { type ComponentKind, fillComponent, isMapping, sectionKinds } from '../settings/components.js';
import { pairsOf, textAt } from '../yaml/written.js';

/** How a scalar is written: `textAt`, or `plainTextAt` for labels as YAML reads them. */
type TextAt = (holder: object, key: string | number) => string;

/**
 * A scalar is its own label, as written; a component's is its name, with the parameters that differ where several have
 * one name (`sgd momentum=0.9`); an augmentation's the names in it. Equal values as equally written get equal labels.
 *
 * @param path settings path of the axis
 * @param holder list or mapping that holds the values
 * @param keys which of its values, in order
 */
export function deriveLabels(
  path: string,
  holder: object,
  keys: readonly (string | number)[],
  textOf: TextAt = textAt,
): string[] {
  const valueAt = (key: string | number) => (holder as Record<string | number, unknown>)[key];
  const kind = sectionKinds[path];
  if (kind) return componentLabels(kind, keys.map(valueAt), textOf);
  const plain = (key: string | number) => plainLabel(holder, key, textOf);
  const labels = keys.map(key =>
    path === 'augmentation' ? (augmentationLabel(valueAt(key)) ?? plain(key)) : plain(key),
  );
  const uses = new Map<string, number>();
  for (const label of labels) uses.set(label, (uses.get(label) ?? 0) + 1);
  return labels.map((label, index) => (uses.get(label) === 1 ? label : plain(keys[index]!)));
}

function plainLabel(holder: object, key: string | number, textOf: TextAt): string {
  const value = (holder as Record<string | number, unknown>)[key];
  if (isMapping(value))
    return pairsOf(value)
      .map(([name]) => `${name}=${plainLabel(value, name, textOf)}`)
      .join(' ');
  if (Array.isArray(value))
    return `[${value.map((_, index) => plainLabel(value, index, textOf)).join(', ')}]`;
  return textOf(holder, key);
}

/** Undefined where its names don't tell what it is. */
function augmentationLabel(value: unknown): string | undefined {
  if (!isMapping(value) || value.preset !== undefined) return undefined;
  const { transforms, mix } = fillAugmentation(value);
  const names = [...transforms, ...mix].map(({ name }) => name).filter(name => name !== 'normalize');
  return names.length === 0 ? undefined : names.join('+');
}

function componentLabels(kind: ComponentKind, values: readonly unknown[], textOf: TextAt): string[] {
  const filled = values.map(value => fillComponent(kind, value));
  const differing = new Map(
    [...new Set(filled.map(({ name }) => name))].map(name => [
      name,
      differingKeys(filled.filter(component => component.name === name)),
    ]),
  );
  return filled.map((component, index) => {
    const given = values[index];
    const parts = differing.get(component.name)!.map(key => {
      // A mapping is shown with its defaults, which nobody wrote.
      const isWritten = isMapping(given) && Object.hasOwn(given, key) && !isMapping(given[key]);
      return `${key}=${plainLabel(isWritten ? given : component, key, textOf)}`;
    });
    return [component.name, ...parts].join(' ');
  });
}

/** Keys on which the components don't all agree. */
function differingKeys(components: readonly Record<string, unknown>[]): string[] {
  const keys = new Set(components.flatMap(component => Object.keys(component)));
  const text = (value: unknown) => (typeof value === 'number' ? String(value) : canonicalJson(value ?? null));
  return [...keys].filter(key => new Set(components.map(component => text(component[key]))).size > 1);
}
