/** The files that an external trainer's command names, and those that they are made of. */
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { importsOf, isFile, isProgram, moduleFiles } from './imports.js';

/** A command is made of no more sources. */
const mostFiles = 5000;

export interface NamedFile {
  /** Absolute. */
  file: string;
  /**
   * `source`: what runs. `argument`: any other file that the command names; it may be one that the program writes.
   */
  role: 'source' | 'argument';
}

/**
 * Each by its name: relative to the grid's folder with `/`, absolute only where the command names it so and it lies outside.
 *
 * The program itself counts if it lies in the folder or is named relative to it (`./train.sh`); an interpreter doesn't. Arguments count where
 * they name a file, alone, after `=`, after `-m`, or as a word of a command line (`sh -c "…"`).
 *
 * @param folder the grid's, in which the command runs
 */
export function commandFiles(
  [program = '', ...args]: readonly string[],
  folder: string,
): Map<string, NamedFile> {
  const found = new Map<string, NamedFile>();
  const add = (file: string, role: NamedFile['role'], absolute: boolean, roots: readonly string[]): void => {
    const name = nameOf(file, folder, absolute);
    if (found.has(name) || found.size >= mostFiles) return;
    found.set(name, { file, role });
    if (role === 'source')
      for (const imported of importsOf(file, roots)) add(imported, role, absolute, roots);
  };
  const addNamed = (word: string): void => {
    const file = resolve(folder, word);
    const main = isFile(file) ? file : join(file, '__main__.py');
    if (word === '' || !isFile(main)) return;
    const source = isProgram(main) || /(^|\/)[^./]+$/.test(word);
    add(main, source ? 'source' : 'argument', isAbsolute(word), [dirname(main), folder]);
  };
  if (/[/\\]/.test(program) && (!isAbsolute(program) || isInside(program, folder))) addNamed(program);
  const addWords = (words: readonly string[]): void => {
    for (const [index, word] of words.entries()) {
      if (words[index - 1] === '-m')
        for (const file of moduleFiles(word, [folder])) add(file, 'source', false, [folder]);
      addNamed(word);
      const equals = word.indexOf('=');
      if (equals > 0) addNamed(word.slice(equals + 1));
    }
  };
  addWords(args);
  for (const line of args.filter(arg => /\s/.test(arg))) addWords(line.split(/[\s;&|()<>"'`]+/));
  return found;
}

export function nameOf(file: string, folder: string, absolute: boolean): string {
  if (absolute && !isInside(file, folder)) return file;
  return relative(folder, file).split(sep).join('/');
}

const isInside = (file: string, folder: string) => !relative(folder, file).startsWith('..');
