import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { DataSpec } from '../../../trainer/contract/run-spec.js';
import { GridfarmError } from '../../domain/error.js';
import { inspectEntries } from '../../planning/inspect-entries.js';
import type { SlotEntry } from '../../slots/slots-file.js';
import { ResultsPaths } from '../../store/run-paths.js';
import { fixtureSpec } from '../fixtures/run-spec.js';

const context = { engine: null, environment: {} };
const paths = () => new ResultsPaths(mkdtempSync(join(tmpdir(), 'gridfarm-entries-')));
let asked = 0;
let roots: string[] = [];
const entry = (fingerprint: string, settings: object = {}): SlotEntry => {
  const ask = async (_: unknown, { request }: { request: DataSpec }) => {
    asked++;
    roots.push(request.root);
    return { fingerprint };
  };
  const dataRoot = ({ data = null }: { data?: string | null }) => data;
  const backend = { name: 'fake', ask, dataRoot };
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

test('data are looked at where each entry has them', async () => {
  const { data } = fixtureSpec({});
  roots = [];
  const { found } = await inspectEntries(
    [entry('a', { data: '/here' }), entry('a', { cpus: 1 })],
    [data],
    context,
    paths(),
  );
  expect(roots).toEqual(['/here', data.root]);
  expect(found.get(data)?.fingerprint).toBe('a');
  const differ = inspectEntries([entry('a', { data: '/here' }), entry('b')], [data], context, paths());
  await expect(differ).rejects.toThrow(`find different data, in /here and ${data.root}`);
});

test('an entry that can’t look at its data is named, if it isn’t alone', async () => {
  const { data } = fixtureSpec({});
  const broken: SlotEntry = { ...entry('a'), settings: { cpus: 2 } };
  const ask = () => Promise.reject(new GridfarmError('trainer', 'no such option'));
  broken.backend = { ...broken.backend, ask } as unknown as SlotEntry['backend'];
  const all = inspectEntries([entry('a'), broken], [data], context, paths());
  await expect(all).rejects.toMatchObject({ kind: 'trainer', message: 'slots[1] (fake): no such option' });
  const alone = inspectEntries([broken], [data], context, paths());
  await expect(alone).rejects.toThrow(/^no such option$/);
});

test('one folder can not stand for several of a grid', async () => {
  const { data } = fixtureSpec({});
  const specs = [data, { ...data, name: 'other', root: '/other' }];
  await expect(inspectEntries([entry('a', { data: '/here' })], specs, context, paths())).rejects.toThrow(
    `slots[0] (fake): data: /here would stand for 2 folders of this grid (${data.root}, /other)`,
  );
});
