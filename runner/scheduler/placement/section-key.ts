const keys = new WeakMap<object, string>();

/** Of a cell's section. Cells share them, so few are written out. */
export function keyOf(section: object): string {
  const key = keys.get(section) ?? JSON.stringify(section);
  keys.set(section, key);
  return key;
}
