/**
 * Where native engines lie: in the project's node_modules if their own install script worked, or in a cache
 * folder that `grid setup` fills and that survives `npm ci`.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';

export const addonPackage = '@tensorflow/tfjs-node-gpu';
/** The version of `addonPackage` that `setup` builds; the same as in package.json. */
export const addonVersion = '4.22.0';

/** A place where the add-on's package lies, built or not. */
export interface AddonLocation {
  from: 'cache' | 'project';
  /** Folder of the package `@tensorflow/tfjs-node-gpu`. */
  packageDir: string;
  /** TensorFlow's version, where the folder's name tells. */
  tensorflowVersion: string | null;
}

/** `$GRID_CACHE`, else `gridfarm` in `$XDG_CACHE_HOME` or `~/.cache`. */
export function cacheRoot(environment: NodeJS.ProcessEnv = process.env): string {
  return environment.GRID_CACHE || join(environment.XDG_CACHE_HOME || join(homedir(), '.cache'), 'gridfarm');
}

/** Folder of all engines of the cache. */
export const enginesDir = (root: string = cacheRoot()): string => join(root, 'engines');

/** Everything that a built add-on depends on but TensorFlow's version. Not Node's: it is a Node-API add-on. */
const platformKey = `${process.platform}-${process.arch}`;
/** Name of the cache folder of one build: other versions live beside it. */
export const engineKey = (tensorflowVersion: string): string =>
  `tfjs${addonVersion}-tensorflow${tensorflowVersion}-${platformKey}`;

/** Folder of the add-on's package in an engine folder. */
export const packageDirOf = (engineDir: string): string => join(engineDir, 'node_modules', addonPackage);

/** A name of `engineKey`; those of older builds held Node's ABI as well (`node115-`), for which they load just the same. */
const buildOf = new RegExp(
  `^tfjs${addonVersion.replaceAll('.', '\\.')}-tensorflow(.+?)-(?:node\\d+-)?${platformKey}$`,
);

const newestFirst = (a: string, b: string) => b.localeCompare(a, 'en', { numeric: true });

function cachedAddons(root: string): AddonLocation[] {
  const folder = enginesDir(root);
  if (!existsSync(folder)) return [];
  return (
    readdirSync(folder)
      .flatMap(name => {
        const tensorflowVersion = buildOf.exec(name)?.[1];
        return tensorflowVersion === undefined ? [] : [{ name, tensorflowVersion }];
      })
      // Of one version the name of today, which is the shortest, comes first.
      .sort((a, b) => newestFirst(a.tensorflowVersion, b.tensorflowVersion) || a.name.length - b.name.length)
      .map(({ name, tensorflowVersion }) => ({
        from: 'cache' as const,
        packageDir: packageDirOf(join(folder, name)),
        tensorflowVersion,
      }))
  );
}

function projectAddon(): AddonLocation[] {
  try {
    const packageDir = dirname(createRequire(import.meta.url).resolve(`${addonPackage}/package.json`));
    const { version } = JSON.parse(readFileSync(join(packageDir, 'package.json'), 'utf8')) as {
      version: string;
    };
    return version === addonVersion ? [{ from: 'project', packageDir, tensorflowVersion: null }] : [];
  } catch {
    return []; // Optional: it isn't installed.
  }
}

/** Add-ons that may load, best first: what `setup` built (today's TensorFlow) before npm's own (TensorFlow 2.9). */
export const findAddons = (root: string = cacheRoot()): AddonLocation[] => [
  ...cachedAddons(root),
  ...projectAddon(),
];
