/** The TensorFlow that the add-on is linked to: Python's own, or a wheel in a private folder of the cache. */
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { listOf, text } from '../contract/shape.js';
import { cacheRoot } from '../engine/native/engine-cache.js';
import { answers, runCommand } from '../engine/run-command.js';
import { fittingJson } from '../files/checked-json.js';

export interface TensorflowLibrary {
  version: string;
  /** Folder of the Python package: `include/` and the shared libraries. */
  folder: string;
  from: 'python' | 'cache';
}

const files = ['include', 'libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'];
const missingFiles = (folder: string) => files.filter(file => !existsSync(join(folder, file)));

/** The newest release that the add-on of tfjs-node 4.22 was seen to build against is 2.21. */
const versions = '>=2.15,<2.22';

/** Finds the package without importing it, which would take seconds and may fail for want of other packages. */
const findPackage = `
import importlib.metadata, importlib.util, json
spec = importlib.util.find_spec('tensorflow')
names = importlib.metadata.packages_distributions().get('tensorflow', []) if spec else []
if names: print(json.dumps([importlib.metadata.version(names[0]), list(spec.submodule_search_locations)[0]]))
`;

const foundPackage = { ...listOf(text), minItems: 2, maxItems: 2 };

/** The TensorFlow that `python3` has; null where it has none, or one without headers. */
export async function findPythonTensorflow(log: (line: string) => void): Promise<TensorflowLibrary | null> {
  let answer: string;
  try {
    answer = await runCommand('python3', ['-c', findPackage], { timeoutMs: 60_000 });
  } catch {
    return null; // An old Python, or one with a broken package index: take a wheel of our own.
  }
  const found = fittingJson<[version: string, folder: string]>(answer, foundPackage);
  if (found === undefined) return null;
  const [version, folder] = found;
  const missing = missingFiles(folder);
  if (missing.length === 0) return { version, folder, from: 'python' };
  log(`Python's TensorFlow ${version} in ${folder} has no ${missing.join(', ')}: not usable`);
  return null;
}

const wheelsDir = () => join(cacheRoot(), 'tensorflow');

/** A wheel that an earlier `installTensorflow` of this package left in the cache. */
async function findInstalled(wheel: string): Promise<TensorflowLibrary | null> {
  if (!existsSync(wheelsDir())) return null;
  const prefix = `${wheel}-`;
  for (const name of (await readdir(wheelsDir())).sort().reverse()) {
    const version = name.slice(prefix.length);
    const folder = join(wheelsDir(), name, 'tensorflow');
    if (name.startsWith(prefix) && /^\d/.test(version) && missingFiles(folder).length === 0)
      return { version, folder, from: 'cache' };
  }
  return null;
}

/** Unpacks a wheel of TensorFlow into the cache: the one with CUDA if there is a GPU. No other package is touched. */
export async function installTensorflow(
  options: { gpu: boolean },
  log: (line: string) => void,
): Promise<TensorflowLibrary> {
  const wheel = options.gpu || process.arch !== 'x64' ? 'tensorflow' : 'tensorflow-cpu';
  const installed = await findInstalled(wheel);
  if (installed) return installed;
  if (!(await answers('python3', ['-m', 'pip', '--version'])))
    throw new Error(
      'python3 has no pip, which gets TensorFlow: apt-get install python3-pip, or install tensorflow yourself',
    );
  await mkdir(wheelsDir(), { recursive: true });
  const target = await mkdtemp(join(wheelsDir(), '.installing-'));
  try {
    log(`installing the ${wheel} wheel with pip into ${wheelsDir()}`);
    const flags = ['--no-deps', '--no-compile', '--only-binary=:all:', '--disable-pip-version-check'];
    const patience = ['--retries', '0', '--timeout', '5'];
    await runCommand('python3', [
      ...['-m', 'pip', 'install', ...flags, ...patience, '--target', target, `${wheel}${versions}`],
    ]);
    const version = (await readdir(target))
      .map(name => /^tensorflow.*-([^-]+)\.dist-info$/.exec(name)?.[1])
      .find(match => match !== undefined);
    const missing = missingFiles(join(target, 'tensorflow'));
    if (version === undefined || missing.length > 0)
      throw new Error(`the ${wheel} wheel has no ${missing.join(', ') || 'version'}`);
    const folder = join(wheelsDir(), `${wheel}-${version}`);
    await rm(folder, { recursive: true, force: true });
    await rename(target, folder);
    return { version, folder: join(folder, 'tensorflow'), from: 'cache' };
  } catch (cause) {
    throw new Error(`TensorFlow could not be installed: ${(cause as Error).message}`, { cause });
  } finally {
    await rm(target, { recursive: true, force: true });
  }
}
