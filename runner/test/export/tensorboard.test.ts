import { join } from 'node:path';
import { execaSync } from 'execa';
import { expect, test } from 'vitest';
import { crc32c } from '../../export/tensorboard/records.js';
import { writeTensorboard } from '../../export/tensorboard/write.js';
import { openStore } from '../../store/open-store.js';
import { cells, complete, grid, resultsFolder } from '../store/fixtures.js';

test('CRC-32C of the check word', () => {
  expect(crc32c(Buffer.from('123456789'))).toBe(0xe3069283);
});

const python = process.env.TEST_PYTHON ?? 'python3';
const hasTensorboard = execaSync(python, ['-c', 'import tensorboard'], { reject: false }).exitCode === 0;
const reading = `
import json, sys, os
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.plugins.hparams import plugin_data_pb2
root = sys.argv[1]
out = {}
for folder, _, files in os.walk(root):
    if not files: continue
    a = EventAccumulator(folder); a.Reload()
    scalars = {t: [(e.step, e.value) for e in a.Scalars(t)] for t in a.Tags()['scalars']}
    hparams = {}
    for tag, content in a.summary_metadata.items():
        if content.plugin_data.plugin_name != 'hparams': continue
        d = plugin_data_pb2.HParamsPluginData.FromString(content.plugin_data.content)
        which = d.WhichOneof('data')
        if which == 'experiment': hparams['axes'] = [i.name for i in d.experiment.hparam_infos]; hparams['metrics'] = [m.name.tag for m in d.experiment.metric_infos]
        if which == 'session_start_info': hparams['group'] = d.session_start_info.group_name; hparams['values'] = {k: (v.string_value or v.number_value) for k, v in d.session_start_info.hparams.items()}
        if which == 'session_end_info': hparams['status'] = d.session_end_info.status
    out[os.path.relpath(folder, root)] = dict(scalars=scalars, hparams=hparams)
print(json.dumps(out))
`;

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
    expect(writeTensorboard(store, grid.name, out)).toBe(4);
    expect(writeTensorboard(store, grid.name, out)).toBe(4);
    store.close();
    const root = join(out, encodeURIComponent(grid.name));
    const read = JSON.parse(execaSync(python, ['-c', reading, root]).stdout);
    expect(read['.'].hparams.metrics).toEqual(['best/validationAccuracy', 'validationAccuracy']);
    expect(read['.'].hparams.axes).toEqual(Object.keys(cells(1)[0]!.labels));
    const first = read[ids[0]!];
    expect(first.scalars.validationAccuracy).toEqual([
      [1, 0.5],
      [2, 0.75],
      [3, 0.625],
    ]);
    expect(first.scalars['best/validationAccuracy']).toEqual([[2, 0.75]]);
    const groups = [0, 1, 5].map(i => read[ids[i]!].hparams.group);
    expect(groups[0]).toBe(groups[1]);
    expect(groups[0]).not.toBe(groups[2]);
    expect([0, 2].map(i => read[ids[i]!].hparams.status)).toEqual([1, 2]);
  },
  120_000,
);
