/** Which local files a source file is made of: a look at its text, for the languages in which trainers are written. */
import { readFileSync, statSync } from 'node:fs';
import { dirname, extname, join, resolve } from 'node:path';

/** Larger ones are no source. */
const largestSource = 2 * 1024 * 1024;

/** Files that a shell script may call. */
const programs = new Set(['.py', '.sh', '.js', '.mjs', '.cjs', '.ts', '.R', '.jl', '.lua', '.pl', '.rb']);

export const isProgram = (file: string): boolean => programs.has(extname(file));

export function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    // Not there, below a file, too long a name, not to be looked at.
    return false;
  }
}

/**
 * The files below `roots` (where modules are looked for) and beside it that `file` imports or calls. What is only
 * named at run time isn't found: that is what `trainer.inputs` is for.
 */
export function importsOf(file: string, roots: readonly string[]): string[] {
  const text = readSource(file);
  if (text === undefined) return [];
  const extension = extname(file);
  if (extension === '.py' || /^#!.*python/.test(text)) return pythonImports(text, file, roots);
  if (/^\.[cm]?[jt]sx?$/.test(extension)) return javascriptImports(text, file);
  if (extension === '.sh' || /^#!.*\b(ba|da|z|k)?sh\b/.test(text)) return calledFiles(text, file, roots);
  return [];
}

function readSource(file: string): string | undefined {
  try {
    return statSync(file).size > largestSource ? undefined : readFileSync(file, 'utf8');
  } catch {
    // It is gone, or no one's to read: its own hash tells.
    return undefined;
  }
}

const pythonImport =
  /^[ \t]*(?:from[ \t]+(\.*)([\w.]*)[ \t]+import[ \t]+(?:\(([^)]*)\)|([^\n#;]*))|import[ \t]+([\w., \t]+))/gm;

function pythonImports(text: string, file: string, roots: readonly string[]): string[] {
  return [...text.matchAll(pythonImport)].flatMap(([, dots, from, listed, named, plain]) => {
    if (plain !== undefined) return modulesOf(plain).flatMap(name => moduleFiles(name, roots));
    const above = '../../'.repeat(Math.max(0, dots!.length - 1));
    const places = dots === '' ? roots : [resolve(dirname(file), above)];
    const names = modulesOf(listed ?? named ?? '').map(name => (from === '' ? name : `${from}.${name}`));
    return [...(from === '' ? [] : [from!]), ...names].flatMap(name => moduleFiles(name, places));
  });
}

/** `a, b as c` → a, b */
const modulesOf = (list: string): string[] =>
  list
    .replace(/#.*/g, '')
    .split(',')
    .map(entry => entry.trim().split(/\s/)[0]!)
    .filter(name => /^[\w.]+$/.test(name));

/** The files of a Python module that lies below one of the folders, with its packages' own. */
export function moduleFiles(name: string, roots: readonly string[]): string[] {
  const parts = name.split('.');
  return roots.flatMap(root =>
    parts.flatMap((_, index) => {
      const path = join(root, ...parts.slice(0, index + 1));
      const whole = index === parts.length - 1 ? [`${path}.py`, join(path, '__main__.py')] : [];
      return [join(path, '__init__.py'), ...whole].filter(isFile);
    }),
  );
}

const endings = ['', '.js', '.mjs', '.cjs', '.ts', '.json', '/index.js'];

function javascriptImports(text: string, file: string): string[] {
  const paths = [...text.matchAll(/(?:\bfrom|\bimport|\brequire)\s*\(?\s*['"](\.{1,2}\/[^'"\n]+)['"]/g)];
  return paths.flatMap(([, path]) => {
    const found = endings.map(ending => resolve(dirname(file), path! + ending)).find(isFile);
    return found ?? [];
  });
}

function calledFiles(text: string, file: string, roots: readonly string[]): string[] {
  const words = text.split(/[\s;&|()<>"'`=]+/);
  const modules = words.flatMap((word, index) => (words[index - 1] === '-m' ? moduleFiles(word, roots) : []));
  const files = words
    .filter(isProgram)
    .flatMap(word => [...roots, dirname(file)].map(root => resolve(root, word)).find(isFile) ?? []);
  return [...modules, ...files];
}
