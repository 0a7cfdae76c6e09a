/** The `init` section: from a cell or a file to a file and the hash of what it holds. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { torchRemedy } from '../../../trainer/contract/foreign-files.js';
import type { InitSpec } from '../../../trainer/contract/run-spec.js';
import { weightsContent } from '../../../trainer/contract/weights-content.js';
import type { Setting } from '../../domain/grid.js';
import { merged } from './merge.js';
import type { ResolveContext } from './resolve-context.js';

/** Null: the model's own initial weights. */
export function resolveInit(settings: readonly Setting[], context: ResolveContext): InitSpec | null {
  const whole = settings.findLast(({ path }) => path === 'init');
  if (settings.length === 0 || (whole?.value === null && settings.at(-1) === whole)) return null;
  const given = merged({ strict: false }, settings) as Partial<InitSpec>;
  const exact = settings.findLast(({ path }) => path === 'init.from');
  const at = exact?.at ?? [...(whole ?? settings[0]!).at, ...(whole ? ['from'] : [])];
  const problem = (message: string) => {
    // Without its weights it is equal to a cell that begins anew.
    context.report.leaveOut(at, message);
    return null;
  };
  if (typeof given.from !== 'string')
    return problem('init needs "from": the beginning of a cell’s id, or a .safetensors file');
  const found = findFile(given.from, context);
  if ('problem' in found) return problem(found.problem);
  const hash = hashOf(found.file);
  if ('problem' in hash) return problem(hash.problem);
  return { from: found.file, hash: hash.hash, strict: given.strict === true };
}

function findFile(
  from: string,
  { folder, cellWeights }: ResolveContext,
): { file: string } | { problem: string } {
  if (/\.safetensors$/i.test(from)) return { file: resolve(folder, from) };
  if (!/^[0-9a-f]{2,16}$/.test(from)) {
    const remedy = /\.(pth?|bin|ckpt|pkl|tar)$/i.test(from) ? `; ${torchRemedy}` : '';
    return {
      problem: `must be the beginning of a cell’s id or a file that ends in .safetensors, got "${from}"${remedy}`,
    };
  }
  const [file, ...others] = cellWeights(from);
  if (file === undefined)
    return { problem: `no cell whose id starts with "${from}" has weights in the results folder` };
  if (others.length > 0)
    return {
      problem: `the ids of ${others.length + 1} cells with weights start with "${from}"; give more digits`,
    };
  return { file };
}

const hashes = new Map<string, { hash: string } | { problem: string }>();

/** Each file is read once a process: an axis of many cells asks again and again. */
function hashOf(file: string): { hash: string } | { problem: string } {
  let known = hashes.get(file);
  if (known === undefined) {
    known = readHash(file);
    hashes.set(file, known);
  }
  return known;
}

function readHash(file: string): { hash: string } | { problem: string } {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return { problem: code === 'ENOENT' ? `no such file: ${file}` : `can't be read: ${message}` };
  }
  let parts: Uint8Array[];
  try {
    parts = weightsContent(bytes);
  } catch (error) {
    return { problem: `${basename(file)} ${(error as Error).message}` };
  }
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return { hash: hash.digest('hex') };
}
