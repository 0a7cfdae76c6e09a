/** The script is run for real, by the shells of small machines, in an empty home folder. */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa, execaSync } from 'execa';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bootstrapScript } from '../../../agents/bootstrap/script.js';
import { serveFolder } from '../../../agents/folder/serve-folder.js';
import type { PackagedFile } from '../../../agents/package/version-package.js';
import { VersionPackage } from '../../../agents/package/version-package.js';
import { fakeVersion } from '../../fixtures/fake-version.js';
import { type PackageServer, servePackages } from '../../fixtures/package-server.js';

const noRegistry = { npm_config_registry: 'http://127.0.0.1:9/' };
const hasBusybox = execaSync('busybox', ['true'], { reject: false }).exitCode === 0;
const answers = async (url: string) =>
  fetch(url, { signal: AbortSignal.timeout(5000) })
    .then(({ ok }) => ok)
    .catch(() => false);
const hasRegistry = await answers('https://registry.npmjs.org/ajv/latest');

let folder: string;
let home: string;
let server: PackageServer;
let files: Map<string, PackagedFile>;
let version: string;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'bootstrap-'));
  home = join(folder, 'home');
  mkdirSync(home);
  ({ files, version } = await fakeVersion(folder));
  server = await servePackages(async name => files.get(name), 'secret');
});
afterEach(() => {
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

const cache = () => join(home, '.cache/gridfarm');
type Options = Partial<Parameters<typeof bootstrapScript>[0]>;

async function run(options: Options = {}, environment: NodeJS.ProcessEnv = noRegistry, shell = ['sh']) {
  const path = join(folder, 'script.sh');
  const script = bootstrapScript({ server: server.url, token: 'secret', version, ...options });
  writeFileSync(path, script);
  const { all, exitCode } = await execa(shell[0]!, [...shell.slice(1), path], {
    env: { ...process.env, HOME: home, GRID_CACHE: '', XDG_CACHE_HOME: '', ...environment },
    reject: false,
    all: true,
  });
  return { all, exitCode };
}

/** What the stand-in for the agent was started with. */
const argumentsIn = (words: string) => JSON.parse(/^agent (.*)$/m.exec(words)![1]!) as string[];

const shells: [name: string, shell: string[]][] = [['sh', ['sh']]];
if (hasBusybox) shells.push(['busybox', ['busybox', 'sh']]);

describe.each(shells)('the bootstrap script under %s', (_, shell) => {
  it('installs the version once and becomes the agent, with its token in a file of its own', async () => {
    const options = { name: "it's", arguments: ['--hours', '1.5'], setup: 'export MADE=here' };
    const { all, exitCode } = await run(options, noRegistry, shell);
    expect(all).toContain('npm reaches no registry');
    expect({ all, exitCode }).toMatchObject({ exitCode: 7 });
    const token = join(cache(), 'agent/token');
    expect(argumentsIn(all)).toEqual([
      ...['agent', '--server', server.url, '--token-file', token, '--home', join(cache(), 'agent')],
      ...['--sent-data', join(cache(), 'data'), '--name', "it's", '--hours', '1.5', 'here'],
    ]);
    expect(readFileSync(token, 'utf8')).toBe('secret\n');
    expect(execaSync('stat', ['-c', '%a', token]).stdout).toBe('600');
    const asked = server.asked.length;
    await run({ nameFrom: 'host-$(uname -n)', home: '~/a b' }, noRegistry, shell);
    expect(server.asked).toHaveLength(asked);
    expect(existsSync(join(home, 'a b/token'))).toBe(true);
    expect(readdirSync(join(cache(), 'versions'))).toEqual([version]);
  }, 60_000);
});

describe('installing', () => {
  it('is done by one of two that come at once', async () => {
    const [one, two] = await Promise.all([run({ home: '~/a' }), run({ home: '~/b' })]);
    expect([one.exitCode, two.exitCode]).toEqual([7, 7]);
    expect(server.asked.filter(name => name.startsWith('gridfarm-'))).toHaveLength(1);
    expect(readdirSync(join(cache(), 'versions'))).toEqual([version]);
  }, 60_000);

  it('takes over from an installer that was killed', async () => {
    mkdirSync(join(cache(), 'versions'), { recursive: true });
    const gone = execaSync(process.execPath, [
      '-e',
      'console.log(require("os").hostname(), process.pid, "x 0")',
    ]);
    writeFileSync(join(cache(), 'versions', `.${version}.lock`), gone.stdout);
    expect((await run()).exitCode).toBe(7);
  }, 60_000);

  it('goes on where an answer was cut', async () => {
    server.cuts.push(100, 50);
    expect((await run()).exitCode).toBe(7);
    expect(server.asked.slice(0, 3).map(words => words.split(' ')[1])).toEqual([
      undefined,
      'bytes=100-',
      'bytes=150-',
    ]);
  }, 60_000);

  it('comes through a folder that both see, where there is no route', async () => {
    const shared = join(folder, 'shared');
    const ended = new AbortController();
    const serving = serveFolder(
      shared,
      ({ url, headers }) => fetch(url.replace('http://folder', server.url), { headers }),
      ended.signal,
    );
    const { all, exitCode } = await run({ server: shared });
    expect({ all, exitCode }).toMatchObject({ exitCode: 7 });
    expect(argumentsIn(all).slice(0, 3)).toEqual(['agent', '--folder', shared]);
    expect(server.asked.some(name => name.startsWith('modules-'))).toBe(true);
    // Nothing is left lying there.
    for (const half of ['requests', 'answers'])
      expect(readdirSync(join(shared, half)).filter(name => name.includes('.tmp'))).toEqual([]);
    ended.abort();
    await serving;
  }, 60_000);

  it('runs nothing of what has another hash, and leaves nothing of it', async () => {
    const name = `gridfarm-${version}.tar.gz`;
    files.set(name, files.get([...files.keys()].find(key => key.startsWith('modules-'))!)!);
    const { all, exitCode } = await run();
    expect(exitCode).toBe(69);
    expect(all).toMatch(/has SHA-256 .*, not .*nothing of it was run/);
    expect(readdirSync(join(cache(), 'versions'))).toEqual([]);
  }, 60_000);

  it.each([
    ['a token that is none', { token: 'wrong' }, /answered 401 no such token/],
    ['a coordinator without this version', { version: '0'.repeat(64) }, /answered 404/],
  ])(
    'says what is wrong with %s',
    async (_, options, words) => {
      const { all, exitCode } = await run(options);
      expect({ all, exitCode }).toMatchObject({ exitCode: 69 });
      expect(all).toMatch(words);
    },
    60_000,
  );

  it('says all that was tried where no modules can be had', async () => {
    for (const name of files.keys()) if (name.startsWith('modules-')) files.delete(name);
    const { all, exitCode } = await run({ platform: 'plan9-mips' });
    expect(exitCode).toBe(69);
    expect(all).toMatch(
      /npm reaches no registry .*ECONNREFUSED.*those of the coordinator \(plan9-mips\).*404/s,
    );
    expect(all).toContain('npm config set registry');
  }, 60_000);

  it('says where there is no room', async () => {
    writeFileSync(join(home, 'full'), '');
    const { all, exitCode } = await run({}, { ...noRegistry, GRID_CACHE: join(home, 'full') });
    expect(exitCode).toBe(69);
    expect(all).toContain('set GRID_CACHE to a folder on a disk that has room');
  }, 60_000);

  it('runs nothing of a script that was cut short', async () => {
    const script = bootstrapScript({ server: server.url, token: 'secret', version, setup: 'echo began' });
    const { all } = await execa('sh', { input: script.slice(0, -20), all: true, reject: false });
    expect(all).not.toContain('began');
  });
});

describe.skipIf(!hasRegistry)('with npm’s registry (skipped where it can’t be reached)', () => {
  it('gets Node where there is none, and this version’s modules, which load', async () => {
    const real = await VersionPackage.open(join(folder, 'packed'));
    server.close();
    server = await servePackages(name => real.file(name), 'secret');
    // All that a small machine has, but Node.
    const bin = join(folder, 'bin');
    mkdirSync(bin);
    const programs = [
      'sh',
      'mkdir',
      'mv',
      'rm',
      'cat',
      'uname',
      'tar',
      'gzip',
      'curl',
      'sha512sum',
      'chmod',
      'ln',
    ];
    for (const name of [...programs, 'tail', 'dirname', 'env'])
      symlinkSync(execaSync('which', [name]).stdout, join(bin, name));
    const where = { PATH: bin, npm_config_registry: '' };
    const { all } = await run({ version: real.version }, where, [join(bin, 'sh')]);
    expect(all).toContain('no Node 20 or newer here: getting');
    expect(all).toContain(`installed version ${real.version.slice(0, 12)}`);
    // Then it is an agent, and asks for a session.
    expect(server.asked.filter(name => !name.startsWith('/'))).toEqual([real.programName]);
    const node = join(cache(), 'node', readdirSync(join(cache(), 'node'))[0]!, 'bin/node');
    const main = join(cache(), 'versions', real.version, 'dist/runner/main.js');
    const { stdout } = await execa(node, [main, 'version']);
    expect(stdout).toContain('gridfarm');
  }, 300_000);
});
