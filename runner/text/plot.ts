/** Lines in a terminal: two by four dots a character (Unicode's braille patterns). */

export interface PlotPoint {
  /** From 0 (left) to 1 (right). */
  x: number;
  /** From 0 (bottom) to 1 (top). */
  y: number;
}

/** Dots of a braille character by column and row from the top. */
const dots = [
  [0x01, 0x02, 0x04, 0x40],
  [0x08, 0x10, 0x20, 0x80],
] as const;
const emptyBraille = 0x2800;

/** Draws a line through the points. Returns `height` lines of `width` characters. */
export function plotLine(points: readonly PlotPoint[], width: number, height: number): string[] {
  const cells = Array.from({ length: height }, () => new Array<number>(width).fill(0));
  const [columns, rows] = [2 * width, 4 * height];
  const set = (x: number, y: number) => {
    const column = Math.min(columns - 1, Math.max(0, Math.round(x * (columns - 1))));
    const row = Math.min(rows - 1, Math.max(0, Math.round((1 - y) * (rows - 1))));
    cells[row >> 2]![column >> 1]! |= dots[(column & 1) as 0 | 1][(row & 3) as 0 | 1 | 2 | 3];
  };
  points.forEach((to, index) => {
    const from = points[index - 1] ?? to;
    const pieces = Math.max(
      1,
      Math.ceil(Math.max(Math.abs(to.x - from.x) * columns, Math.abs(to.y - from.y) * rows)),
    );
    for (let piece = 1; piece <= pieces; piece++) {
      const share = piece / pieces;
      set(from.x + (to.x - from.x) * share, from.y + (to.y - from.y) * share);
    }
  });
  return cells.map(line => line.map(bits => String.fromCharCode(emptyBraille + bits)).join(''));
}
