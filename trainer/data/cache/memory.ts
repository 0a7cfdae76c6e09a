import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Schema } from '../../contract/schema.js';
import { fittingJson } from '../../files/checked-json.js';

/** What was found out before, as JSON in the cache folder: `kind` and `key` say what and of what; undefined also where it is damaged. */
export function recall<Value>(
  cacheDir: string | undefined,
  kind: string,
  key: string,
  schema: Schema,
): Value | undefined {
  if (cacheDir === undefined) return undefined;
  try {
    return fittingJson(readFileSync(pathOf(cacheDir, kind, key), 'utf8'), schema);
  } catch {
    return undefined;
  }
}

/** Keeps `value` for `recall`. A full disk or a read-only folder only costs time later. */
export function remember(cacheDir: string | undefined, kind: string, key: string, value: unknown): void {
  if (cacheDir === undefined) return;
  const path = pathOf(cacheDir, kind, key);
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    mkdirSync(cacheDir, { recursive: true });
    writeFileSync(temporary, JSON.stringify(value));
    renameSync(temporary, path);
  } catch {
    // See above.
  }
}

function pathOf(cacheDir: string, kind: string, key: string): string {
  return join(cacheDir, `${kind}-${createHash('sha256').update(key).digest('hex').slice(0, 32)}.json`);
}
