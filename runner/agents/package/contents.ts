/** The files of the two packages. */
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { globSync } from 'tinyglobby';
import { checkedJson } from '../../../trainer/files/checked-json.js';
import { GridfarmError } from '../../domain/error.js';
import { lockSchema, manifestSchema, type Needed, neededOf } from './modules.js';
import type { TarFile } from './tar.js';

/** Of the version that runs: where its package.json is. */
const packageRoot = fileURLToPath(new URL('../../../../', import.meta.url));

/** @throws GridfarmError if it lacks package-lock.json, as one from a registry does */
export function readNeeded(root = packageRoot): Needed {
  const read = <T>(name: string, schema: object) =>
    checkedJson<T>(readFileSync(join(root, name), 'utf8'), schema, join(root, name));
  try {
    return neededOf(read('package.json', manifestSchema), read('package-lock.json', lockSchema));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new GridfarmError(
      'environment',
      `this version can't be given to other machines: ${(error as Error).message}; run grid from a clone of the repository, after npm ci`,
      { cause: error },
    );
  }
}

/** The program without its tests and the page, which agents don't serve, with the two files that say what it needs. */
export function* programFiles(needed: Needed, root = packageRoot): Generator<TarFile, void> {
  const names = globSync(['dist/**/*.{js,json}', 'grids/grid.schema.json'], {
    cwd: root,
    ignore: ['dist/*/{test,bench}/**', 'dist/runner/web/page/**'],
  });
  yield jsonFile('package.json', needed.manifest);
  yield jsonFile('package-lock.json', needed.lock);
  yield* filesOf(root, names);
}

const jsonFile = (name: string, value: object): TarFile => ({
  name,
  isProgram: false,
  content: Buffer.from(`${JSON.stringify(value, null, 2)}\n`),
});

/** The modules as they are installed here, without what only people and compilers read. */
export function* moduleFiles(needed: Needed, root = packageRoot): Generator<TarFile, void> {
  const patterns = needed.folders.map(folder => `${folder.replaceAll(/[[\](){}!*?+@]/g, '\\$&')}/**`);
  const names = globSync(patterns, {
    cwd: root,
    dot: true,
    ignore: ['**/*.{map,md,markdown,ts,mts,cts,tsbuildinfo,c,cc,cpp,h,hpp,html}', '**/.bin/**'],
  });
  const installed = new Set(needed.folders);
  // Modules within a module are those of its folder alone if they are needed, too.
  yield* filesOf(
    root,
    names.filter(name => installed.has(folderOf(name))),
  );
}

/** `node_modules/a/node_modules/@b/c` of a file in it. */
function folderOf(name: string): string {
  const at = name.lastIndexOf('node_modules/') + 'node_modules/'.length;
  const parts = name.slice(at).split('/');
  return name.slice(0, at) + parts.slice(0, parts[0]!.startsWith('@') ? 2 : 1).join('/');
}

function* filesOf(root: string, names: string[]): Generator<TarFile, void> {
  for (const name of names.sort()) {
    const path = join(root, name);
    yield { name, isProgram: (statSync(path).mode & 0o100) !== 0, content: readFileSync(path) };
  }
}
