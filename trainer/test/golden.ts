import { readFileSync } from 'node:fs';

/** A file of `trainer/test/golden`, which is not compiled. */
export function readGolden(name: string): Buffer {
  return readFileSync(new URL(`../../../trainer/test/golden/${name}`, import.meta.url));
}
