/** Whether the files that a grid's data needs are there; what they hold is for a trainer's inspection. */
import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { DataSpec } from '../../../trainer/contract/run-spec.js';
import { nearest } from '../yaml/nearest.js';
import { requiredFiles } from './data-settings.js';

interface MissingFile {
  key: 'root' | 'images' | 'labels' | 'validationLabels';
  message: string;
}

/** Every missing one of `root`, `images`, `labels` and `validationLabels`. `slotRoot`: the folder that a slots file has for the root. */
export async function missingDataFiles(data: DataSpec, slotRoot: string | null): Promise<MissingFile[]> {
  const root = slotRoot ?? data.root;
  if (!(await isThere(root))) {
    const wayOut =
      slotRoot === null
        ? 'say where the data lies with --data DIR'
        : 'the slots file says that the data lies there (data)';
    return [{ key: 'root', message: `no such folder: ${root}; ${wayOut}` }];
  }
  const missing = await Promise.all(
    requiredFiles(data).map(async (key): Promise<MissingFile | undefined> => {
      const path = data[key];
      if (typeof path !== 'string' || (await isThere(join(root, path)))) return undefined;
      const near = await sibling(join(root, path));
      return {
        key,
        message: `no such file or folder: ${join(root, path)}${near ? `; did you mean "${near}"?` : ''}`,
      };
    }),
  );
  return missing.filter(file => file !== undefined);
}

const isThere = (path: string) =>
  stat(path).then(
    () => true,
    () => false,
  );

async function sibling(path: string): Promise<string | undefined> {
  return nearest(basename(path), await readdir(dirname(path)).catch((): string[] => []));
}
