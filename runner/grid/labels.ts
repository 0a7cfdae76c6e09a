/** Labels for the values of an axis that is written as a plain list. */
import { fillAugmentation } from './augmentation.js';
import { canonicalJson } from './canonical-json.js';
import { asComponent, type ComponentKind, fillComponent, isMapping, sectionKinds } from './components.js';

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
  return labels.map((label, index) =>
    labels.indexOf(label) === labels.lastIndexOf(label) ? label : plainLabel(values[index]),
  );
}

function plainLabel(value: unknown): string {
  if (isMapping(value))
    return Object.entries(value)
      .map(([key, entry]) => `${key}=${plainLabel(entry)}`)
      .join(' ');
  if (Array.isArray(value)) return canonicalJson(value);
  return String(value);
}

function augmentationLabel(value: unknown): string {
  if (!isMapping(value)) return String(value);
  const { transforms, mix } = fillAugmentation(value);
  const names = [...transforms, ...mix].map(({ name }) => name).filter(name => name !== 'normalize');
  return names.length === 0 ? plainLabel(value) : names.join('+');
}

function componentLabels(kind: ComponentKind, values: readonly unknown[]): string[] {
  const filled = values.map(value => fillComponent(kind, value));
  return filled.map((component, index) => {
    const namesakes = filled.filter(({ name }) => name === component.name);
    const keys = Object.keys({ ...asComponent(values[index]), ...component }).filter(key =>
      namesakes.some(other => canonicalJson(other[key] ?? null) !== canonicalJson(component[key] ?? null)),
    );
    return [component.name, ...keys.map(key => `${key}=${plainLabel(component[key])}`)].join(' ');
  });
}
