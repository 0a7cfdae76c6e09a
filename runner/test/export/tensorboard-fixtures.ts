/** What TensorBoard's own reader finds. */
import { execaSync } from 'execa';

const python = process.env.TEST_PYTHON ?? 'python3';
export const hasTensorboard =
  execaSync(python, ['-c', 'import tensorboard'], { reject: false }).exitCode === 0;

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
    images = {t: [(e.step, e.width, e.height, e.encoded_image_string[1:4].decode()) for e in a.Images(t)] for t in a.Tags()['images']}
    hparams = {}
    for tag, content in a.summary_metadata.items():
        if content.plugin_data.plugin_name != 'hparams': continue
        d = plugin_data_pb2.HParamsPluginData.FromString(content.plugin_data.content)
        which = d.WhichOneof('data')
        if which == 'experiment': hparams['axes'] = [i.name for i in d.experiment.hparam_infos]; hparams['metrics'] = [m.name.tag for m in d.experiment.metric_infos]
        if which == 'session_start_info': hparams['group'] = d.session_start_info.group_name; hparams['values'] = {k: (v.string_value or v.number_value) for k, v in d.session_start_info.hparams.items()}
        if which == 'session_end_info': hparams['status'] = d.session_end_info.status
    out[os.path.relpath(folder, root)] = dict(scalars=scalars, images=images, hparams=hparams, files=len(files))
print(json.dumps(out))
`;

interface ReadRun {
  scalars: Record<string, [step: number, value: number][]>;
  images: Record<string, [step: number, width: number, height: number, format: string][]>;
  hparams: { axes?: string[]; metrics?: string[]; group?: string; values?: object; status?: number };
  files: number;
}

/** By folder below the root. */
export const readByTensorboard = (root: string): Record<string, ReadRun> =>
  JSON.parse(execaSync(python, ['-c', reading, root]).stdout);
