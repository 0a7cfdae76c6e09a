import { statSync } from 'node:fs';
import { profile as answer } from '../../../trainer/contract/answer-schemas.js';
import type { Profile, ProfileRequest } from '../../../trainer/contract/profile.js';
import type { RunSpec } from '../../../trainer/contract/run-spec.js';
import { UsageError } from '../../domain/error.js';
import { dataRootNow } from '../../grid/settings/data-root.js';
import { profileLines } from '../../report/profile/lines.js';
import { ResultsPaths } from '../../store/run-paths.js';
import { cellName } from '../../text/names.js';
import { askTrainer } from '../../trainer-client/ask-trainer.js';
import { cellsOfGrid, chooseCell } from '../choose-cells.js';
import type { CommandContext } from '../context.js';
import type { Options } from '../options.js';
import { printJson, printLine, widthOf } from '../output.js';
import { withReader } from '../with-store.js';

type Own = Options<'cell' | 'profiledSteps' | 'threads' | 'json'>;

export async function profileCell(target: string, options: Own, context: CommandContext): Promise<void> {
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
      answer,
      failure: 'the cell can’t be profiled',
    },
    { engine: options.engine ?? null, threads: options.threads, environment: context.environment },
  );
  if (options.json) printJson(context, { cell: cellId, labels, ...profile });
  else
    for (const line of [cellName(cellId, labels), ...profileLines(profile, widthOf(context))])
      printLine(context, line);
}

async function cellOf(target: string, options: Own) {
  if (statSync(target, { throwIfNoEntry: false })?.isFile() || /\.ya?ml$/.test(target)) {
    return chooseCell(await cellsOfGrid(target, options), options.cell);
  }
  return withReader(options, store => {
    const { cellId, labels, spec } = store.findCell(target);
    const root = dataRootNow(spec.data, options.data);
    return { cellId, labels, spec: { ...spec, data: { ...spec.data, root } } };
  });
}
