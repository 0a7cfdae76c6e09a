/** Text fitted to the width of a terminal. */
import { displayWidth, fitToWidth } from './width.js';

/** Breaks a text at spaces into lines of at most `width` columns; longer words are left whole. */
export function wrapText(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last === undefined || displayWidth(last) + 1 + displayWidth(word) > width) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}

export interface Field {
  text: string;
  /** Fields with the lowest are left out first when the line is too narrow. */
  weight: number;
}

/** Joins fields by two spaces in their order, leaving out the least important ones until they fit into `width` columns. */
export function fitLine(fields: readonly Field[], width: number): string {
  const shown = fields.filter(field => field.text !== '');
  const join = () => shown.map(field => field.text).join('  ');
  while (shown.length > 1 && displayWidth(join()) > width) {
    const least = shown.reduce((a, b) => (b.weight < a.weight ? b : a));
    shown.splice(shown.indexOf(least), 1);
  }
  const line = join();
  return displayWidth(line) > width ? fitToWidth(line, width, 'left') : line;
}
