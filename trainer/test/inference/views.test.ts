import { describe, expect, it } from 'vitest';
import { viewsOf } from '../../inference/views.js';

const shape = { height: 8, width: 8, channels: 1 };
const pixels = 64;
/** Grey levels that grow from left to right, the same in every row; a second image that is flat. */
const images = Uint8Array.from({ length: 2 * pixels }, (_, i) => (i < pixels ? (i % 8) * 30 : 77));

describe('views for test-time augmentation', () => {
  it('are the image alone by default', () => {
    const views = viewsOf({ flip: false, shift: 0, crops: 0 }, shape);
    expect(views.map(view => view(images))).toEqual([images]);
  });

  it('mirror each row, and leave the input as it is', () => {
    const before = images.slice();
    const [, mirror] = viewsOf({ flip: true, shift: 0, crops: 0 }, shape);
    const output = mirror!(images);
    expect([...output.subarray(0, 8)]).toEqual([210, 180, 150, 120, 90, 60, 30, 0]);
    expect([...output.subarray(pixels)]).toEqual(new Array(pixels).fill(77));
    expect(images).toEqual(before);
  });

  it('crop 7/8 of the side and resize it to the whole', () => {
    const [, , left, right] = viewsOf({ flip: false, shift: 0, crops: 3 }, shape);
    // Top left: the last column is missing; top right: the first one.
    expect(left!(images)[0]).toBe(0);
    expect(left!(images)[7]).toBe(180);
    expect(right!(images)[0]).toBe(30);
    expect(right!(images)[7]).toBe(210);
    expect(new Set(left!(images).subarray(pixels))).toEqual(new Set([77]));
  });

  it('shift along the diagonals and reflect at the border', () => {
    const views = viewsOf({ flip: false, shift: 2, crops: 0 }, shape);
    const rows = Uint8Array.from({ length: pixels }, (_, i) => 10 * Math.floor(i / 8) + (i % 8));
    const output = views[4]!(rows);
    expect([...output.subarray(0, 8)]).toEqual([22, 21, 20, 21, 22, 23, 24, 25]);
    expect([...output.subarray(pixels - 8)]).toEqual([52, 51, 50, 51, 52, 53, 54, 55]);
    expect(views[1]!(rows)[pixels - 1]).toBe(55);
  });

  it('are twice as many with mirror images', () => {
    expect(viewsOf({ flip: true, shift: 1, crops: 9 }, shape)).toHaveLength(28);
  });
});
