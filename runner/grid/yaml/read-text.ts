/** Reads a grid file's text, with an error a person can act on for everything that is not one. */
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { GridError } from '../../domain/problem.js';
import { decodeText } from './decode-text.js';
import { nearest } from './nearest.js';

/** Far beyond any grid a person writes; parsing holds about fifty times a file's size in memory. */
const maxBytes = 4 * 2 ** 20;

/**
 * @param path file as the user named it
 * @returns its text without a byte order mark
 * @throws GridError if it is missing, a folder, unreadable, empty, too large or not UTF-8
 */
export async function readText(path: string): Promise<string> {
  const fail = (message: string, cause?: unknown) =>
    new GridError([{ file: path, line: 1, column: 1, path: '', message }], { cause });
  let bytes: Buffer;
  try {
    const info = await stat(path);
    if (info.isDirectory()) throw fail(`is a folder, a grid file was expected${await filesIn(path)}`);
    if (info.size > maxBytes)
      throw fail(
        `is ${(info.size / 2 ** 20).toFixed(1)} MiB large, at most ${maxBytes / 2 ** 20} MiB allowed`,
      );
    bytes = await readFile(path);
  } catch (error) {
    if (error instanceof GridError) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') throw fail(`no such file${await sibling(path)}`, error);
    throw fail(`can't be read: ${message}`, error);
  }
  const text = decodeText(bytes);
  if (typeof text !== 'string') throw new GridError([{ file: path, path: '', ...text }]);
  if (text.trim() === '') throw fail('is empty; a grid needs at least a model and an optimizer');
  return text;
}

const list = (folder: string) => readdir(folder).catch((): string[] => []);
const isYaml = (file: string) => /\.ya?ml$/.test(file);

async function sibling(path: string): Promise<string> {
  const folder = dirname(path);
  const near = nearest(basename(path), (await list(folder)).filter(isYaml));
  return near === undefined
    ? ''
    : `; did you mean "${path.slice(0, path.length - basename(path).length)}${near}"?`;
}

async function filesIn(path: string): Promise<string> {
  const files = (await list(path)).filter(isYaml).sort();
  return files.length === 0 ? '' : `, e.g. ${files.slice(0, 5).join(', ')} in it`;
}
