import { statSync } from 'node:fs';
import type { Profile, ProfileRequest } from '../../../trainer/contract/profile.js';
import type { RunSpec } from '../../../trainer/contract/run-spec.js';
import { UsageError } from '../../domain/error.js';
import { type AddCommand, type CommandContext, type GlobalOptions, optionsOf } from '../context.js';
import { printJson, printLine, widthOf } from '../output.js';
import { positiveInteger } from '../parse-option.js';
import { withReader } from '../with-store.js';

interface ProfileOptions extends GlobalOptions {
  cell?: string;
  steps: number;
  threads: number;
  json?: boolean;
}

export const addProfile: AddCommand = (program, context) => {
  program
    .command('profile <target>')
    .summary('say where the time of a training step goes')
    .description(
      'Trains a few steps of a cell (named by the beginning of its id, or the first one of a grid file) and says where the time goes: by kernel and by layer, forward and backward, the optimizer, waiting for data; images a second and peak memory. Writes nothing.',
    )
    .option('--cell <cell>', 'of a grid file: beginning of an id, or labels separated by commas')
    .option('--steps <n>', 'steps to measure', positiveInteger('--steps'), 5)
    .option('--threads <n>', 'CPU threads', positiveInteger('--threads'), 1)
    .option('--json', 'as JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  grid profile grids/quickstart.yaml\n  grid profile grids/resnet-sweep.yaml --cell resnet34,adamw,cosine,plain --steps 10\n  grid profile 3fa1 --engine wasm --json',
    )
    .action(async (target: string, _, command) =>
      profileCell(target, optionsOf<ProfileOptions>(command), context),
    );
};

async function profileCell(target: string, options: ProfileOptions, context: CommandContext): Promise<void> {
  const [{ ResultsPaths }, { askTrainer }, { cellName }, { profileLines }] = await Promise.all([
    import('../../store/run-paths.js'),
    import('../../trainer-client/ask-trainer.js'),
    import('../../text/names.js'),
    import('../../report/profile/lines.js'),
  ]);
  const { cellId, labels, spec } = await cellOf(target, options);
  if (spec.trainer !== null) throw new UsageError('a cell of an external trainer can’t be profiled');
  const request: ProfileRequest = {
    spec: spec as RunSpec,
    cacheDir: new ResultsPaths(options.results).cache,
    steps: options.steps,
  };
  const profile = await askTrainer<Profile>(
    {
      mode: ['profile'],
      request,
      failure: 'the cell can’t be profiled',
    },
    { engine: options.engine ?? null, threads: options.threads, environment: context.environment },
  );
  if (options.json) printJson(context, { cell: cellId, labels, ...profile });
  else
    for (const line of [cellName(cellId, labels), ...profileLines(profile, widthOf(context))])
      printLine(context, line);
}

async function cellOf(target: string, options: ProfileOptions) {
  if (statSync(target, { throwIfNoEntry: false })?.isFile() || /\.ya?ml$/.test(target)) {
    const { cellsOfGrid, chooseCell } = await import('../choose-cells.js');
    return chooseCell(await cellsOfGrid(target, options), options.cell);
  }
  const { dataRootNow } = await import('../../grid/settings/data-root.js');
  return withReader(options, store => {
    const { cellId, labels, spec } = store.findCell(target);
    const root = dataRootNow(spec.data, options.data);
    return { cellId, labels, spec: { ...spec, data: { ...spec.data, root } } };
  });
}
