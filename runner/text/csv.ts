export type CsvValue = string | number | null | undefined;

/** One line of CSV as of RFC 4180, with its line end; null and undefined are empty fields. */
export function csvLine(values: readonly CsvValue[]): string {
  return `${values.map(field).join(',')}\n`;
}

function field(value: CsvValue): string {
  if (typeof value === 'number') return String(value);
  if (value === null || value === undefined) return '';
  return /[",\r\n]|^\s|\s$/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}
