import { join } from 'node:path';
import { expect, test } from 'vitest';
import { crc32c } from '../../export/tensorboard/records.js';
import { writeTensorboard } from '../../export/tensorboard/write.js';
import { openStore } from '../../store/open-store.js';
import { ResultsPaths } from '../../store/run-paths.js';
import { cells, complete, grid, resultsFolder } from '../store/fixtures.js';
import { hasTensorboard, readByTensorboard } from './tensorboard-fixtures.js';

test('CRC-32C of the check word', () => {
  expect(crc32c(Buffer.from('123456789'))).toBe(0xe3069283);
});

test.skipIf(!hasTensorboard)(
  'TensorBoard reads scalars, axes, families and the best value (skipped without the Python package tensorboard)',
  async () => {
    const folder = resultsFolder();
    const store = await openStore(folder);
    store.registerGrid(grid, cells(6));
    const ids = cells(6).map(({ cellId }) => cellId);
    complete(store, ids[0]!, [0.5, 0.75, 0.625]);
    complete(store, ids[1]!, [0.25]);
    complete(store, ids[5]!, [0.5]);
    store.finishRun(store.startRun(ids[2]!, 'local/cpu0'), {
      state: 'failed',
      failure: { class: 'crash', message: 'boom' },
    });
    const out = join(folder, 'tb');
    // A later export takes the place of an earlier one.
    expect(writeTensorboard(store, grid.name, out, new ResultsPaths(folder))).toBe(4);
    expect(writeTensorboard(store, grid.name, out, new ResultsPaths(folder))).toBe(4);
    store.close();
    const root = join(out, encodeURIComponent(grid.name));
    const read = readByTensorboard(root);
    expect(read['.']!.hparams.metrics).toEqual(['best/validationAccuracy', 'validationAccuracy']);
    expect(read['.']!.hparams.axes).toEqual(Object.keys(cells(1)[0]!.labels));
    const first = read[ids[0]!]!;
    expect(first.scalars.validationAccuracy).toEqual([
      [1, 0.5],
      [2, 0.75],
      [3, 0.625],
    ]);
    expect(first.scalars['best/validationAccuracy']).toEqual([[2, 0.75]]);
    const groups = [0, 1, 5].map(i => read[ids[i]!]!.hparams.group);
    expect(groups[0]).toBe(groups[1]);
    expect(groups[0]).not.toBe(groups[2]);
    expect([0, 2].map(i => read[ids[i]!]!.hparams.status)).toEqual([1, 2]);
  },
  120_000,
);
