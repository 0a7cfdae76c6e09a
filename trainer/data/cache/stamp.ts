import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { DataSpec } from '../../contract/run-spec.js';
import { formats } from '../formats/registry.js';

/** Changes when the same files would be read as something else: what was remembered of them is forgotten then. */
const readerVersion = 6;

/** What can be said of a data set without opening a file. */
export interface Stamp {
  /** Changes with the spec (but for the split) and with the sizes, times and inodes of the files it names. */
  key: string;
  /** Whether those files are all there is: not so for a folder of images, whose files may change under it. */
  isExact: boolean;
}

/** Looks at the files of a data set. */
export function stampOf(spec: DataSpec): Stamp {
  const { validation, ...rest } = spec;
  const files = formats[spec.format].files(spec).map(name => {
    const stat = statSync(join(spec.root, name), { throwIfNoEntry: false });
    return {
      isFile: stat?.isFile() ?? false,
      facts: stat && [stat.size, stat.mtimeMs, stat.ctimeMs, stat.ino],
    };
  });
  return {
    key: JSON.stringify([readerVersion, rest, validation.source, files.map(({ facts }) => facts ?? null)]),
    isExact: files.every(({ isFile }) => isFile),
  };
}
