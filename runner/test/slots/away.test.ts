import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { startOn } from '../../slots/submission.js';
import { AwaySlot } from '../fixtures/away/away-slot.js';
import { fixtureSpec } from '../fixtures/run-spec.js';
import { slotRun } from '../fixtures/slot-run.js';
import { follow, outlivingConformance, slotConformance } from './conformance.js';

const folder = () => mkdtempSync(join(tmpdir(), 'gridfarm-away-'));
const open = () => AwaySlot.open(folder());

slotConformance('on another machine', open);
outlivingConformance('on another machine', open);

it('the files of a run travel through its artifact port, the weights that it begins with by their hash', async () => {
  const home = folder();
  const slot = await AwaySlot.open(home);
  const from = join(folder(), 'begin.safetensors');
  writeFileSync(from, 'weights');
  const spec = { ...fixtureSpec({ epochs: 2 }), init: { from, hash: 'abc', strict: true } };
  const run = slotRun(spec);
  const first = await follow(startOn(slot, run));
  expect(first.exit.outcome).toBe('completed');
  const there = JSON.parse(readFileSync(join(home, 'cell0-1', 'run.json'), 'utf8'));
  expect(there.spec.init.from.startsWith(home)).toBe(true);
  expect(readFileSync(there.spec.init.from, 'utf8')).toBe('weights');
  // What was trained there is here, and goes back with the next run, which goes on from it.
  expect(existsSync(join(run.artifacts.folder().cell.root, 'last.json'))).toBe(true);
  const longer = { ...run, attempt: 2, spec: { ...spec, train: { ...spec.train, epochs: 4 } } };
  const second = await follow(startOn(slot, longer));
  expect(second.events.find(({ type }) => type === 'started')).toMatchObject({ resumedFromEpoch: 2 });
  await slot.close();
});

it('a run that asks for weights of another hash than its own gets none', async () => {
  const { artifacts } = slotRun({ ...fixtureSpec({}), init: { from: 'a', hash: 'abc', strict: true } });
  expect(() => artifacts.weights('abd')).toThrow(/no weights of hash abd/);
});

it('a file of a run is written whole or not at all, and never outside its folder', async () => {
  const { artifacts } = slotRun(fixtureSpec({}));
  const { root } = artifacts.folder().cell;
  async function* pieces(...texts: string[]) {
    for (const text of texts) yield new TextEncoder().encode(text);
  }
  const hashOf = (text: string) => createHash('sha256').update(text).digest('hex');
  await artifacts.write('checkpoints/last/a ü', pieces('one ', 'two'), hashOf('one two'));
  expect(readFileSync(join(root, 'checkpoints/last/a ü'), 'utf8')).toBe('one two');
  await expect(artifacts.write('checkpoints/last/a ü', pieces('one'), hashOf('one two'))).rejects.toThrow(
    /what came has SHA-256 .*, expected/,
  );
  expect(readFileSync(join(root, 'checkpoints/last/a ü'), 'utf8')).toBe('one two');
  async function* broken() {
    yield new Uint8Array(3);
    throw new Error('cut off');
  }
  await expect(artifacts.write('b', broken(), hashOf(''))).rejects.toThrow('cut off');
  expect((await artifacts.list()).map(({ name, bytes }) => [name, bytes])).toEqual([
    ['checkpoints/last/a ü', 7],
  ]);
  for (const name of [
    '../b',
    '/b',
    'a/../../b',
    '',
    'a//b',
    'a\\b',
    'run-spec.json',
    'log.txt',
    'c:\\b',
    'a\0b',
  ])
    await expect(artifacts.write(name, pieces(''), hashOf('')), name).rejects.toThrow(
      /no file of the trainer/,
    );
});
