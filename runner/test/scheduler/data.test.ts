import { mkdirSync, mkdtempSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, it } from 'vitest';
import { defaultData } from '../../../trainer/contract/defaults.js';
import type { DataInspection } from '../../../trainer/contract/events.js';
import type { DataSpec } from '../../../trainer/contract/run-spec.js';
import { dataSignature } from '../../planning/data-signature.js';
import { inspectAll } from '../../planning/inspect-data.js';
import { ResultsPaths } from '../../store/run-paths.js';
import type { Ask } from '../../trainer-client/ask-trainer.js';

let data: DataSpec;
let paths: ResultsPaths;
beforeEach(() => {
  const root = mkdtempSync(join(tmpdir(), 'gridfarm-data-'));
  mkdirSync(join(root, 'train', 'a'), { recursive: true });
  writeFileSync(join(root, 'train', 'a', '1.jpg'), 'one');
  writeFileSync(join(root, 'train.csv'), 'Id,Category\n');
  data = { ...defaultData, name: 'd', format: 'csv', root, images: 'train', labels: 'train.csv' };
  paths = new ResultsPaths(join(root, 'results'));
});

it.each([
  ['a file is added', () => writeFileSync(join(data.root, 'train', 'a', '2.jpg'), 'two')],
  ['a file is written anew', () => writeFileSync(join(data.root, 'train', 'a', '1.jpg'), 'other')],
  ['a file is touched', () => utimesSync(join(data.root, 'train.csv'), 1, 1)],
])('has another signature when %s', (_, change) => {
  const before = dataSignature(data);
  expect(dataSignature(data)).toBe(before);
  change();
  expect(dataSignature(data)).not.toBe(before);
});

it('has a signature of data that is not there', () => {
  expect(dataSignature({ ...data, labels: 'missing.csv' })).toMatch(/^[0-9a-f]{64}$/);
});

it('looks at data once as long as nobody touches it', async () => {
  let inspected = 0;
  const inspection: DataInspection = {
    ...{ fingerprint: 'f', images: 3, validationImages: 0, problems: [] },
    ...{ classes: [], imageSizes: [], imageSize: null },
  };
  const ask: Ask = async <Answer>() => ({ ...inspection, images: ++inspected }) as Answer;
  const look = async () => {
    const { found, keep } = await inspectAll([data], ask, paths);
    keep();
    return found.get(data)!.images;
  };
  expect(await look()).toBe(1);
  expect(await look()).toBe(1);
  writeFileSync(join(data.root, 'train', 'a', '3.jpg'), 'three');
  expect(await look()).toBe(2);
});
