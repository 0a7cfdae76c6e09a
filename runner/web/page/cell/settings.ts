/** Settings as a list: `optimizer.learningRate` → `0.1`. */
export function flat(value: unknown, path = ''): [path: string, value: string][] {
  if (Array.isArray(value) && value.some(each => each !== null && typeof each === 'object'))
    return value.flatMap((each, index) => flat(each, `${path}[${index}]`));
  if (value !== null && typeof value === 'object' && !Array.isArray(value))
    return Object.entries(value).flatMap(([key, each]) => flat(each, path === '' ? key : `${path}.${key}`));
  return [[path, typeof value === 'string' ? value : JSON.stringify(value)]];
}

/** Paths on which not all have the same value. */
export function differingPaths(all: readonly ReadonlyMap<string, string>[]): string[] {
  const paths = new Set(all.flatMap(each => [...each.keys()]));
  return [...paths].filter(path => new Set(all.map(each => each.get(path) ?? '')).size > 1);
}
