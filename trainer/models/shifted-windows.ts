/** Where tokens lie in Swin's windows (Liu et al. 2021, section 3.2, with torchvision's order, padding and mask). */

export interface WindowLayout {
  /** Windows of a map. */
  count: number;
  /** The token (row-major in the map) in each place of each window; -1: padding. */
  tokens: Int32Array;
  /** [count, T, T] added to the scores, 0 or -100, T = window²; null where every token may attend to all of its window. */
  mask: Float32Array | null;
}

/** Added to the score of a pair that lay apart before the cyclic shift. */
const apart = -100;

/**
 * Windows of a map of size × size tokens, which is padded at its end to a multiple of the window and, in a shifted
 * block, rolled by half a window. One window that holds the whole map is never shifted.
 */
export function windowLayout(size: number, window: number, shifted: boolean): WindowLayout {
  const perSide = Math.ceil(size / window);
  const padded = perSide * window;
  const shift = shifted && window < padded ? Math.floor(window / 2) : 0;
  const places = window * window;
  const count = perSide * perSide;
  const tokens = new Int32Array(count * places);
  /** 0, 1, 2: before the last window, its part from before the shift, what was rolled around. */
  const section = (position: number) =>
    Number(position >= padded - window) + Number(position >= padded - shift);
  const sections = new Int32Array(count * places);
  for (let index = 0; index < tokens.length; index++) {
    const [windowIndex, place] = [Math.floor(index / places), index % places];
    const row = Math.floor(windowIndex / perSide) * window + Math.floor(place / window);
    const column = (windowIndex % perSide) * window + (place % window);
    const [y, x] = [(row + shift) % padded, (column + shift) % padded];
    tokens[index] = y < size && x < size ? y * size + x : -1;
    sections[index] = 3 * section(row) + section(column);
  }
  return { count, tokens, mask: shift === 0 ? null : maskOf(sections, count, places) };
}

function maskOf(sections: Int32Array, count: number, places: number): Float32Array {
  const mask = new Float32Array(count * places * places);
  for (let index = 0; index < mask.length; index++) {
    const row = Math.floor(index / places);
    const first = Math.floor(row / places) * places;
    if (sections[row] !== sections[first + (index % places)]) mask[index] = apart;
  }
  return mask;
}

/** Row of the bias table for each pair of places of a window, [T²]: their offset in rows and columns. */
export function relativePositionIndex(window: number): Int32Array {
  const places = window * window;
  return Int32Array.from({ length: places * places }, (_, index) => {
    const [from, to] = [Math.floor(index / places), index % places];
    const rows = Math.floor(from / window) - Math.floor(to / window);
    const columns = (from % window) - (to % window);
    return (rows + window - 1) * (2 * window - 1) + columns + window - 1;
  });
}
