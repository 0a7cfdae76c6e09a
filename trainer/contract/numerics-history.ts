/**
 * What the trainer's version stands for: hashes of the sources that decide numbers, each with the version that results made
 * with them count as. A test compares the last one with the sources, and says what to append where they differ.
 */

export interface Numerics {
  /** Of the sources and of the packages that they compute with; comments, types and layout aside. */
  sources: string;
  /** As in the line before: results keep valid, but those of a correction in version.ts that came with it. */
  version: string;
  /** What changed, and why results keep valid or don't. */
  why: string;
}

/** Never edited, new ones are appended. */
export const numericsHistory: readonly Numerics[] = [
  { sources: '03dfc63c6eb04bbe', version: '1', why: 'Version 1 and its corrections, when hashes began' },
  {
    sources: '7519f360f5273a2a',
    version: '1',
    why: 'Adam’s formulas stand once, also for LAMB: the same operations in the same order; steps of each optimizer gave the same bits on each engine',
  },
  {
    sources: '0d31be1269a80b3f',
    version: '1',
    why: 'Models hand their features to a hook; no operation changed',
  },
  {
    sources: 'f347185d16e78ee0',
    version: '1',
    why: 'Files that are read again are checked first; no operation changed, and ten runs on two engines gave the same weights',
  },
  {
    sources: 'b05b0739d978f43e',
    version: '1',
    why: 'Backends are subclasses in place of patched ones; the same operations, and ten runs on two engines gave the same weights',
  },
  {
    sources: 'cbbee0776553eb9c',
    version: '1',
    why: 'Durable files are on the ground floor, and written as their parts come; what is in them is the same',
  },
  {
    sources: '484d0f72b8bd31ae',
    version: '1',
    why: 'What the best weights take each validation image for is kept beside their figures; no operation changed, and twelve runs on two engines gave the same weights and figures',
  },
];

export const currentNumerics: Numerics = numericsHistory.at(-1)!;
