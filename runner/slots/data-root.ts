import { homedir } from 'node:os';
import { join } from 'node:path';
import type { DataSpec } from '../../trainer/contract/run-spec.js';

/** A folder as a slots file names it: absolute, or `~/…` for one in the home folder. */
export const dataRootSchema = {
  type: 'string',
  pattern: '^(/|~/|[A-Za-z]:[/\\\\])',
  description: 'Folder of the data there, in place of the data.root of grids: an absolute path, or ~/…',
};

/** The absolute path of such a folder; null: the entry names none. */
export const dataRootOf = (folder: string | undefined): string | null =>
  folder?.startsWith('~/') ? join(homedir(), folder.slice(2)) : (folder ?? null);

/** The data of a grid where a slot has them. Null: where the grid says. */
export const dataAt = (root: string | null, data: DataSpec): DataSpec =>
  root === null ? data : { ...data, root };
