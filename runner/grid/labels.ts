/** Labels for the values of an axis that is written as a plain list. */
import { fillAugmentation } from './augmentation.js';
import { canonicalJson } from './canonical-json.js';
import { type ComponentKind, fillComponent, isMapping, sectionKinds } from './components.js';

/**
 * A scalar is its own label; a component's is its name, with the parameters that differ where several have
 * one name (`sgd momentum=0.9`); an augmentation's the names in it. Equal values get equal labels.
 *
 * @param path settings path of the axis
 */
export function deriveLabels(path: string, values: readonly unknown[]): string[] {
  const kind = sectionKinds[path];
  if (kind) return componentLabels(kind, values);
  const labels = values.map(value =>
    path === 'augmentation' ? augmentationLabel(value) : plainLabel(value),
  );
  const uses = new Map<string, number>();
  for (const label of labels) uses.set(label, (uses.get(label) ?? 0) + 1);
  return labels.map((label, index) => (uses.get(label) === 1 ? label : plainLabel(values[index])));
}

function plainLabel(value: unknown): string {
  if (isMapping(value))
    return Object.entries(value)
      .map(([key, entry]) => `${key}=${plainLabel(entry)}`)
      .join(' ');
  return Array.isArray(value) ? `[${value.map(plainLabel).join(', ')}]` : String(value);
}

function augmentationLabel(value: unknown): string {
  if (!isMapping(value)) return String(value);
  if (value.preset !== undefined) return plainLabel(value);
  const { transforms, mix } = fillAugmentation(value);
  const names = [...transforms, ...mix].map(({ name }) => name).filter(name => name !== 'normalize');
  return names.length === 0 ? plainLabel(value) : names.join('+');
}

function componentLabels(kind: ComponentKind, values: readonly unknown[]): string[] {
  const filled = values.map(value => fillComponent(kind, value));
  const differing = new Map(
    [...new Set(filled.map(({ name }) => name))].map(name => [
      name,
      differingKeys(filled.filter(component => component.name === name)),
    ]),
  );
  return filled.map(component =>
    [
      component.name,
      ...differing.get(component.name)!.map(key => `${key}=${plainLabel(component[key])}`),
    ].join(' '),
  );
}

/** Keys on which the components don't all agree. */
function differingKeys(components: readonly Record<string, unknown>[]): string[] {
  const keys = new Set(components.flatMap(component => Object.keys(component)));
  const text = (value: unknown) => (typeof value === 'number' ? String(value) : canonicalJson(value ?? null));
  return [...keys].filter(key => new Set(components.map(component => text(component[key]))).size > 1);
}
