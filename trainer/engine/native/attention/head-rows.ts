/**
 * Attention's tokens as rows of one head: where those of a block of images lie, token by token as the layers around it
 * have them, and window by window and head by head as its matrix products need them.
 */

import type { Windows } from '../../ops.js';
import { placesOf } from '../../reference/generic-attention.js';

export interface AttentionShape {
  heads: number;
  /** Tokens of an image. */
  tokens: number;
  /** Windows of an image. */
  windows: number;
  /** Places of a window. */
  places: number;
}

/** Tables of row numbers for so many images. */
export interface HeadRows {
  /** Of tokens [images, P, kinds, heads] (then of the padding [kinds, heads]) → [kinds, images · windows, heads, T]. */
  intoWindows(images: number, kinds: number): Int32Array;
  /** Of places [kinds, images · windows, heads, T] → [images, P, kinds, heads]. */
  intoTokens(images: number, kinds: number): Int32Array;
  /** Of the same places, those of padding → [padded places of all images, kinds, heads]. */
  padding(images: number, kinds: number): Int32Array;
  /** Places of an image that are padding. */
  padded: number;
}

export function headRows(
  { heads, tokens, windows, places }: AttentionShape,
  layout: Pick<Windows, 'tokens'> | undefined,
): HeadRows {
  const tokenAt = layout?.tokens ?? Int32Array.from({ length: tokens }, (_, token) => token);
  const placeOf = placesOf({ tokens: tokenAt }, tokens);
  const padding = [...tokenAt.keys()].filter(place => tokenAt[place]! < 0);
  const tables = new Map<string, Int32Array>();

  function table(key: string, create: () => Int32Array): Int32Array {
    const known = tables.get(key) ?? create();
    tables.set(key, known);
    return known;
  }
  /** Row of a place of an image, counted over all its windows. */
  const rowOfPlace = (images: number, kind: number, image: number, head: number, place: number): number => {
    const window = image * windows + Math.floor(place / places);
    return ((kind * images * windows + window) * heads + head) * places + (place % places);
  };
  /** Rows of the given places of all images, [images, chosen, kinds, heads]. */
  function rowsOfPlaces(images: number, kinds: number, chosen: ArrayLike<number>): Int32Array {
    const rows = new Int32Array(images * chosen.length * kinds * heads);
    let index = 0;
    for (let image = 0; image < images; image++)
      for (let entry = 0; entry < chosen.length; entry++)
        for (let kind = 0; kind < kinds; kind++)
          for (let head = 0; head < heads; head++)
            rows[index++] = rowOfPlace(images, kind, image, head, chosen[entry]!);
    return rows;
  }

  return {
    padded: padding.length,
    intoWindows: (images, kinds) =>
      table(`windows ${images} ${kinds}`, () => {
        const rows = new Int32Array(kinds * images * tokenAt.length * heads);
        for (let kind = 0; kind < kinds; kind++)
          for (let image = 0; image < images; image++)
            for (let place = 0; place < tokenAt.length; place++) {
              const token = tokenAt[place]!;
              const source = token < 0 ? images * tokens : image * tokens + token;
              for (let head = 0; head < heads; head++)
                rows[rowOfPlace(images, kind, image, head, place)] = (source * kinds + kind) * heads + head;
            }
        return rows;
      }),
    intoTokens: (images, kinds) =>
      table(`tokens ${images} ${kinds}`, () => rowsOfPlaces(images, kinds, placeOf)),
    padding: (images, kinds) =>
      table(`padding ${images} ${kinds}`, () => rowsOfPlaces(images, kinds, padding)),
  };
}
