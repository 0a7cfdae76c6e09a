const wholeNumber = /^-?\d{1,15}$/;

/** Distinct labels in class order: as numbers where all are whole numbers, else by code units. */
export function classOrder(labels: Iterable<string>): string[] {
  const names = [...new Set(labels)];
  const byName = (a: string, b: string) => (a < b ? -1 : Number(a > b));
  if (!names.every(name => wholeNumber.test(name))) return names.sort(byName);
  return names.sort((a, b) => Number(a) - Number(b) || byName(a, b));
}
