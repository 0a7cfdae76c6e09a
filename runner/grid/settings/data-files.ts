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

/** Every missing one of `root`, `images`, `labels` and `validationLabels`. */
export async function missingDataFiles(data: DataSpec): Promise<MissingFile[]> {
  if (!(await isThere(data.root)))
    return [
      { key: 'root', message: `no such folder: ${data.root}; say where the data lies with --data DIR` },
    ];
  const missing = await Promise.all(
    requiredFiles(data).map(async (key): Promise<MissingFile | undefined> => {
      const path = data[key];
      if (typeof path !== 'string' || (await isThere(join(data.root, path)))) return undefined;
      const near = await sibling(join(data.root, path));
      return {
        key,
        message: `no such file or folder: ${join(data.root, path)}${near ? `; did you mean "${near}"?` : ''}`,
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
