import { readFileSync } from 'node:fs';

/** Expected values that PyTorch computed (`trainer/test/golden/`, read from the sources: they aren't compiled). */
export function goldenFile<T>(name: string): T {
  return JSON.parse(
    readFileSync(new URL(`../../../trainer/test/golden/${name}`, import.meta.url), 'utf8'),
  ) as T;
}
