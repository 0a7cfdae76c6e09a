import { createHash } from 'node:crypto';
import { listOf, natural, shape, text } from '../../../trainer/contract/shape.js';
import { checkedValue } from '../../../trainer/files/checked-json.js';

export interface DataFile {
  /** Below the data's folder, with `/`. */
  path: string;
  bytes: number;
  /** Hex. */
  sha256: string;
}

/** The files of a data set, by path. Its content is that of all of them, one after the other. */
export interface DataManifest {
  files: DataFile[];
}

const fileSchema = {
  ...shape<DataFile>({ path: text, bytes: natural, sha256: { ...text, pattern: '^[0-9a-f]{64}$' } }),
  additionalProperties: false,
};
const manifestSchema = {
  ...shape<DataManifest>({ files: { ...listOf(fileSchema), maxItems: 20_000_000 } }),
  additionalProperties: false,
};

/** SHA-256 of what the data set holds, hex: equal wherever it lies. */
export const dataHash = ({ files }: DataManifest): string =>
  createHash('sha256')
    .update(JSON.stringify(files.map(({ path, bytes, sha256 }) => [path, bytes, sha256])))
    .digest('hex');

export const dataBytes = ({ files }: DataManifest): number =>
  files.reduce((sum, { bytes }) => sum + bytes, 0);

/**
 * A manifest that came from elsewhere: that of the data set `hash`, no file of which would lie outside of its folder.
 *
 * @throws UnexpectedJsonError, Error
 */
export function checkedManifest(value: unknown, hash: string): DataManifest {
  const manifest = checkedValue<DataManifest>(value, manifestSchema, 'the list of the data’s files');
  const got = dataHash(manifest);
  if (got !== hash)
    throw new Error(
      `the list of the data’s files is that of ${got.slice(0, 12)}, not of ${hash.slice(0, 12)}`,
    );
  for (const { path } of manifest.files)
    if (!isInside(path))
      throw new Error(`the data’s files have one that leaves their folder: ${JSON.stringify(path)}`);
  return manifest;
}

const isInside = (path: string): boolean =>
  !/[\\\0]|^[A-Za-z]:/.test(path) && path.split('/').every(name => !['', '.', '..'].includes(name));
