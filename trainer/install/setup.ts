import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { EngineInfo } from '../contract/events.js';
import { listGpus } from '../engine/gpus.js';
import { cacheRoot, engineKey, enginesDir } from '../engine/native/engine-cache.js';
import { buildAddon } from './build-addon.js';
import { probeEngine } from './probe.js';
import { checkRequirements } from './requirements.js';
import { findPythonTensorflow, installTensorflow, type TensorflowLibrary } from './tensorflow-library.js';

export interface SetupOptions {
  /** Gets a line of progress; default: stderr. */
  log?: (line: string) => void;
  /** Build even where the native engine loads already. */
  force?: boolean;
}

export interface SetupResult {
  engine: EngineInfo;
  /** False where it was there already. */
  built: boolean;
}

const toStderr = (line: string) => void process.stderr.write(`setup: ${line}\n`);

/**
 * Gets the native engine: finds a TensorFlow that Python has or installs a wheel privately, builds the add-on of
 * tfjs-node against it, tries it, and only then puts it in its place in the cache. On failure nothing is left of the
 * attempt (but the wheel, which the next one takes up), and an older engine stays as it was.
 */
export async function runSetup(options: SetupOptions = {}): Promise<SetupResult> {
  const { log = toStderr, force = false } = options;
  const present = force ? undefined : await probeEngine('tensorflow');
  if (present?.available) {
    log(`the native engine is there: ${present.version} on ${present.device}`);
    return { engine: infoOf(present), built: false };
  }
  await checkRequirements();
  const gpus = await listGpus();
  const library =
    (await findPythonTensorflow(log)) ?? (await installTensorflow({ gpu: gpus.length > 0 }, log));
  log(`TensorFlow ${library.version} from ${library.folder}`);
  const engine = await buildInPlace(library, log);
  log(`ready: ${engine.version} on ${engine.device}`);
  if (gpus.length > 0 && engine.device.startsWith('cpu'))
    log(
      `this TensorFlow does not see ${gpus[0]!.name}: install one with its CUDA libraries (pip install 'tensorflow[and-cuda]'), then \`grid setup --force\``,
    );
  return { engine, built: true };
}

const infoOf = ({ name, version, device }: EngineInfo): EngineInfo => ({ name, version, device });

/** Builds in a cache root of its own, tries it there, then moves it to where engines are looked for. */
async function buildInPlace(library: TensorflowLibrary, log: (line: string) => void): Promise<EngineInfo> {
  await mkdir(cacheRoot(), { recursive: true });
  const attempt = await mkdtemp(join(cacheRoot(), 'building-'));
  try {
    const key = engineKey(library.version);
    const engineDir = join(enginesDir(attempt), key);
    await buildAddon(engineDir, library, log);
    log('trying it');
    const status = await probeEngine('tensorflow', { GRID_CACHE: attempt });
    if (!status.available) throw new Error(`it was built but does not work: ${status.reason}`);
    if (!status.version.endsWith(`TensorFlow ${library.version}`))
      throw new Error(`expected TensorFlow ${library.version} to load, got ${status.version}`);
    await replaceFolder(engineDir, join(enginesDir(), key));
    return infoOf(status);
  } catch (cause) {
    throw new Error(`the native engine could not be built: ${(cause as Error).message}`, { cause });
  } finally {
    await rm(attempt, { recursive: true, force: true });
  }
}

/** Moves `from` to `to`; what was there goes only when the new folder is in its place. */
async function replaceFolder(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  const old = join(dirname(from), 'replaced');
  if (existsSync(to)) await rename(to, old);
  await rename(from, to);
}
