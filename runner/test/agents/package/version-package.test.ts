import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { tarOf } from '../../../agents/package/tar.js';
import { VersionPackage } from '../../../agents/package/version-package.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'package-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const namesIn = (path: string) =>
  execFileSync('tar', ['-tzf', path], { encoding: 'utf8', maxBuffer: 1e8 }).trim().split('\n');

describe('this version, packed', () => {
  it('is the same bytes each time, named by their hash, without tests and what only developers need', async () => {
    const first = await VersionPackage.open(folder);
    const second = await VersionPackage.open(join(folder, 'other'));
    const file = (await first.file(first.programName))!;
    expect(second.version).toBe(first.version);
    expect(createHash('sha256').update(readFileSync(file.path)).digest('hex')).toBe(first.version);
    expect(file).toMatchObject({ sha256: first.version, bytes: readFileSync(file.path).length });
    const names = namesIn(file.path);
    expect(names).toEqual(
      expect.arrayContaining([
        'package.json',
        'package-lock.json',
        'dist/runner/main.js',
        'dist/trainer/main.js',
      ]),
    );
    expect(names.filter(name => /\/(test|bench)\/|\.map$/.test(name))).toEqual([]);
    const read = (name: string) =>
      JSON.parse(execFileSync('tar', ['-xzOf', file.path, name], { encoding: 'utf8' }));
    const { dependencies, devDependencies, scripts } = read('package.json');
    expect(devDependencies ?? scripts).toBeUndefined();
    const { packages } = read('package-lock.json');
    expect(packages[''].dependencies).toEqual(dependencies);
    for (const name of Object.keys(dependencies)) expect(packages).toHaveProperty([`node_modules/${name}`]);
    expect(packages).not.toHaveProperty(['node_modules/vitest']);
  });

  it('comes with the modules of this machine when they are asked for, and with nothing else', async () => {
    const version = await VersionPackage.open(folder);
    const modules = (await version.file(`modules-${version.version}.tar.gz`))!;
    expect((await version.file(`modules-${version.version}.tar.gz`))!.sha256).toBe(modules.sha256);
    const names = namesIn(modules.path);
    expect(names).toContain('node_modules/ajv/package.json');
    expect(names.some(name => name.endsWith('.node'))).toBe(true);
    expect(names.filter(name => name.startsWith('node_modules/vitest/'))).toEqual([]);
    for (const other of ['', '../package.json', `gridfarm-${'0'.repeat(64)}.tar.gz`])
      expect(await version.file(other)).toBeUndefined();
  }, 60_000);
});

describe('a tar file', () => {
  it('is unpacked by tar as it went in: long names, empty files, programs', async () => {
    const files = [
      { name: `${'folder/'.repeat(20)}${'n'.repeat(90)}`, isProgram: false, content: Buffer.from('long') },
      { name: 'empty', isProgram: false, content: Buffer.alloc(0) },
      { name: 'program', isProgram: true, content: Buffer.alloc(512, 'x') },
    ];
    const parts: Uint8Array[] = [];
    for await (const part of tarOf(files)) parts.push(part);
    execFileSync('tar', ['-xf', '-', '-C', folder], { input: Buffer.concat(parts) });
    for (const { name, content } of files) expect(readFileSync(join(folder, name))).toEqual(content);
    const listing = execFileSync('ls', ['-l', join(folder, 'program')], { encoding: 'utf8' });
    expect(listing).toMatch(/^-rwxr-xr-x/);
    await expect(tarOf([{ ...files[1]!, name: 'n'.repeat(101) }]).next()).rejects.toThrow('too long a name');
  });
});
