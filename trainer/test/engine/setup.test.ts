import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runDoctor } from '../../install/doctor.js';
import { runSetup } from '../../install/setup.js';

const original = { ...process.env };
const node = dirname(process.execPath);
let root: string;
let bin: string;
let lines: string[];

/** Puts a program in front of the machine's own. */
function program(name: string, script: string): void {
  writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`);
  chmodSync(join(bin, name), 0o755);
}

/** A python3 that says it has TensorFlow 9.9.9, whose folder holds `files`. */
function pythonWithTensorflow(files: readonly string[]): void {
  const folder = join(root, 'tensorflow');
  for (const file of files) mkdirSync(join(folder, file), { recursive: true });
  program(
    'python3',
    `case "$2" in *metadata*) echo '["9.9.9", "${folder}"]' ;; pip) echo "no pip here" >&2; exit 1 ;; esac`,
  );
}

const libraries = ['include', 'libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'];
const setup = () => runSetup({ force: true, log: line => lines.push(line) });
const leftovers = () => readdirSync(join(root, 'cache')).filter(name => name !== 'tensorflow');

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'gridfarm-setup-'));
  bin = join(root, 'bin');
  for (const folder of [bin, join(root, 'cache')]) mkdirSync(folder);
  lines = [];
  process.env.GRID_CACHE = join(root, 'cache');
  process.env.PATH = [bin, '/usr/bin', '/bin'].join(delimiter);
  for (const name of ['c++', 'make']) program(name, 'exit 0');
});
afterEach(() => {
  process.env = { ...original };
  rmSync(root, { recursive: true, force: true });
});

describe.skipIf(process.platform !== 'linux')('setup', () => {
  it('lists all that is missing and where to get it', async () => {
    process.env.PATH = bin;
    await expect(setup()).rejects.toThrow(
      /python3 \(apt-get install python3\), npm \(it comes with Node.js\)$/,
    );
  });

  it('undoes itself when the package cannot be unpacked, and quotes why', async () => {
    pythonWithTensorflow(libraries);
    program('npm', '[ "$1" = --version ] || { echo "registry is down" >&2; exit 1; }');
    await expect(setup()).rejects.toThrow(/^the native engine could not be built: [\s\S]*registry is down/);
    expect(lines[0]).toBe(`TensorFlow 9.9.9 from ${join(root, 'tensorflow')}`);
    expect(leftovers()).toEqual([]);
  });

  it('undoes itself when the add-on does not compile', async () => {
    pythonWithTensorflow(libraries);
    const script = 'node_modules/@mapbox/node-pre-gyp/bin';
    program(
      'npm',
      `[ "$1" = --version ] && exit 0; mkdir -p ${script} node_modules/@tensorflow/tfjs-node-gpu
       echo 'console.error("tfjs_backend.cc: no such type"); process.exit(1)' > ${script}/node-pre-gyp`,
    );
    await expect(setup()).rejects.toThrow(/tfjs_backend\.cc: no such type/);
    expect(lines.at(-1)).toMatch(/^building its add-on/);
    expect(leftovers()).toEqual([]);
  });

  it('passes over a TensorFlow without headers, and says that pip is missing to get another', async () => {
    pythonWithTensorflow(libraries.slice(1));
    program('npm', 'exit 0');
    await expect(setup()).rejects.toThrow(/python3 has no pip.*apt-get install python3-pip/);
    expect(lines[0]).toMatch(/TensorFlow 9\.9\.9 .* has no include: not usable/);
    expect(leftovers()).toEqual([]);
  });
});

describe('doctor', () => {
  it('reports engines, GPUs and advice as plain JSON', async () => {
    process.env.PATH = [bin, node, '/usr/bin', '/bin'].join(delimiter);
    process.env.GRID_ENGINE = 'wasm';
    program('nvidia-smi', 'echo "0, NVIDIA H100 80GB HBM3, 81559, 550.54.15"');
    const report = await runDoctor();
    expect(JSON.parse(JSON.stringify(report))).toEqual(report);
    expect(report.gpus).toEqual([
      { index: 0, name: 'NVIDIA H100 80GB HBM3', memoryMegabytes: 81559, driver: '550.54.15' },
    ]);
    expect(report.engines.map(({ name }) => name)).toEqual(['tensorflow', 'wasm', 'cpu']);
    expect(report.engines[1]).toMatchObject({ available: true });
    expect(report.engine).toBe('wasm');
    expect(report.advice.join()).toContain('grid setup');
  });
});
