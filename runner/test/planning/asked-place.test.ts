/** Whom `lr-find`, `profile`, `data`, `predict` and `embed` ask, and where data are there. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { askedPlace, specAt, storedSpec } from '../../planning/asked-place.js';
import { fixtureSpec } from '../fixtures/run-spec.js';

const folder = mkdtempSync(join(tmpdir(), 'gridfarm-asked-'));
const slots = join(folder, 'slots.yaml');
writeFileSync(slots, 'slots:\n  - { backend: local, data: /here }\n  - { backend: local, cpus: 1 }\n');
const context = { engine: null, environment: {} };
const spec = fixtureSpec({});
const rootAt = async (options: object, at: typeof specAt = specAt) =>
  at(spec, await askedPlace(options, context)).data.root;

test('the first entry, unless another is named', async () => {
  expect(await rootAt({})).toBe(spec.data.root);
  expect(await rootAt({ slots })).toBe('/here');
  expect(await rootAt({ slots, entry: 0 })).toBe('/here');
  expect(await rootAt({ slots, entry: 1 })).toBe(spec.data.root);
});

test('where the slots have the data comes before --data, as in runs', async () => {
  expect(await rootAt({ slots, data: 'elsewhere' }, storedSpec)).toBe('/here');
  expect(await rootAt({ slots, entry: 1, data: 'elsewhere' }, storedSpec)).toBe(resolve('elsewhere'));
  expect(await rootAt({ data: 'elsewhere' }, storedSpec)).toBe(resolve('elsewhere'));
});

test.each([
  [{ entry: 0 }, '--entry needs --slots'],
  [{ slots, entry: 2 }, `--entry 2: ${slots} has 2 entries, 0 to 1`],
])('%j is refused', async (options, message) => {
  await expect(askedPlace(options, context)).rejects.toMatchObject({ kind: 'usage', message });
});
