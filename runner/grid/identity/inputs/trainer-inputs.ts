import { relative, sep } from 'node:path';
import type { ExternalTrainer } from '../../../../trainer/contract/run-spec.js';
import type { TrainerInputs } from '../../../domain/stored-cell.js';
import { commandFiles, nameOf } from './command-files.js';
import { hashFile } from './hash-file.js';
import { globFiles } from './input-globs.js';

/** The files of a trainer as they are now. */
export interface CurrentInputs extends TrainerInputs {
  /** Those that the command names as arguments: the program may write them. */
  arguments: ReadonlySet<string>;
}

/**
 * What the results of an external trainer rest on, as it is now: the files that its command names, what those import, and
 * what `trainer.inputs` matches.
 *
 * @param folder absolute folder of the grid file
 * @param results absolute folder of the results
 */
export function readInputs(
  { command, inputs = [] }: ExternalTrainer,
  folder: string,
  results: string,
): CurrentInputs {
  const named = commandFiles(command, folder);
  for (const file of globFiles(inputs, folder, results))
    named.set(nameOf(file, folder, false), { file, role: 'source' });
  const files: Record<string, string> = {};
  for (const name of [...named.keys()].sort()) {
    const hash = hashFile(named.get(name)!.file);
    if (hash !== undefined) files[name] = hash;
  }
  const args = [...named].filter(([, { role }]) => role === 'argument').map(([name]) => name);
  return { folder: folderName(folder, results), files, arguments: new Set(args) };
}

/**
 * How a folder is recorded: by the way from the results to it, so that both may be moved together, and be reached under another
 * path from another machine.
 */
const folderName = (folder: string, results: string) => relative(results, folder).split(sep).join('/') || '.';

/**
 * What changed since a result was made, in words: `train.py changed`, `model.py is gone`, `conf/b.yaml is new`.
 */
export function inputChanges(then: TrainerInputs, now: CurrentInputs): string[] {
  const changes = Object.entries(then.files).flatMap(([name, hash]) => {
    const current = now.files[name];
    if (current === hash) return [];
    return [current === undefined ? `${name} is gone` : `${name} changed`];
  });
  const added = Object.keys(now.files).filter(
    name => !Object.hasOwn(then.files, name) && !now.arguments.has(name),
  );
  return [...changes, ...added.map(name => `${name} is new`)];
}

/** What a run rests on, once it has ended: without the arguments that changed while it ran, since it wrote them. */
export function withoutOutputs(before: TrainerInputs, after: CurrentInputs): TrainerInputs {
  const kept = Object.entries(before.files).filter(
    ([name, hash]) => !after.arguments.has(name) || after.files[name] === hash,
  );
  return { folder: before.folder, files: Object.fromEntries(kept) };
}
