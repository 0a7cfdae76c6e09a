import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { inspectEntries } from '../../planning/inspect-entries.js';
import type { SlotEntry } from '../../slots/slots-file.js';
import { ResultsPaths } from '../../store/run-paths.js';
import { fixtureSpec } from '../fixtures/run-spec.js';

const context = { engine: null, environment: {} };
const paths = () => new ResultsPaths(mkdtempSync(join(tmpdir(), 'gridfarm-entries-')));
let asked = 0;
const entry = (fingerprint: string, settings: object = {}): SlotEntry => {
  const ask = async () => {
    asked++;
    return { fingerprint };
  };
  const backend = { name: 'fake', ask };
  return { backend: backend as unknown as SlotEntry['backend'], settings };
};

test('each distinct entry is asked, and those that find other data are named', async () => {
  const { data } = fixtureSpec({});
  asked = 0;
  const same = [entry('a'), entry('a'), entry('a', { cpus: 1 })];
  const { found } = await inspectEntries(same, [data], context, paths());
  expect([asked, found.get(data)?.fingerprint]).toEqual([2, 'a']);
  await expect(
    inspectEntries([entry('a'), entry('b', { cpus: 1 })], [data], context, paths()),
  ).rejects.toThrow('slots[0] (fake) and slots[1] (fake) find different data');
});
