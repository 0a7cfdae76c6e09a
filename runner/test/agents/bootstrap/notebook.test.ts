/** The cell that `grid agent --notebook` prints, run by Jupyter's kernel as a user runs it. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { execa, execaSync } from 'execa';
import { afterEach, describe, expect, it } from 'vitest';
import { TokenFile } from '../../../agents/server/tokens.js';
import { startGrid, workFolder } from '../../fixtures/cli.js';
import { temporaryFolder } from '../../fixtures/farm.js';
import { type FarmRun, findings, prepareFarm, startRun, until } from '../../fixtures/farm-run.js';

const python = process.env.TEST_PYTHON ?? 'python3';
const hasJupyter = execaSync(python, ['-c', 'import ipykernel, nbclient'], { reject: false }).exitCode === 0;
const driver = fileURLToPath(new URL('../../../../../runner/test/fixtures/notebook.py', import.meta.url));

const ending: (() => void)[] = [];
afterEach(() => {
  for (const end of ending.splice(0)) end();
});

/** The shell script that the cell runs. */
const scriptIn = (cell: string) => gunzipSync(Buffer.from(cell.split('"""')[1]!, 'base64')).toString();

const printed = (folder: string, ...more: string[]) => startGrid(folder, ['agent', '--notebook', ...more]);

/** A notebook on a machine of its own, as far as a home folder is one, from where no registry is reached. */
function notebook(cell: string, home: string, environment: NodeJS.ProcessEnv = {}) {
  const file = join(temporaryFolder('notebook'), 'cell.py');
  writeFileSync(file, cell);
  const { GRID_CACHE: _, XDG_CACHE_HOME: __, ...inherited } = process.env;
  const child = execa(python, [driver, file], {
    env: { ...inherited, HOME: home, npm_config_registry: 'http://127.0.0.1:9/', ...environment },
    extendEnv: false,
    reject: false,
    all: true,
  });
  let said = '';
  child.all.on('data', chunk => {
    said += chunk;
  });
  ending.push(() => child.kill('SIGTERM'));
  return { child, said: () => said, stop: () => child.stdin.write('interrupt\n') };
}

/** Where this version is installed once. */
const installed = emptyHome();

function emptyHome(): string {
  const home = join(temporaryFolder('home'), 'home');
  mkdirSync(home);
  return home;
}

/** Of the agent, by the lock that it holds. */
function agentPid(name: string): number {
  const lock = join(installed, '.cache/gridfarm/agent', name, 'agent.lock');
  return existsSync(lock) ? (JSON.parse(readFileSync(lock, 'utf8')) as { pid: number }).pid : 0;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

const name = `a cell in a Jupyter kernel${hasJupyter ? '' : ' (skipped: python3 has no ipykernel and nbclient)'}`;
describe.skipIf(!hasJupyter)(name, () => {
  it('becomes an agent by itself, is stopped, goes on, and finds what one machine alone finds', async () => {
    const size = { seeds: 2, epochs: 6 };
    const folder = prepareFarm(size);
    const alone = await startRun(folder, 'local.yaml', 'alone');
    expect(await alone.ended, alone.said()).toBe(0);
    const run: FarmRun = await startRun(folder);
    ending.push(() => run.child.kill('SIGKILL'));
    const slots = join(folder, 'one.yaml');
    writeFileSync(slots, 'slots:\n  - { backend: local, cpus: 1 }\n');
    const options = ['--server', run.url, '--name', 'nb', '--engine', 'wasm', '--slots', slots];
    const { stdout: cell, stderr } = await printed(folder, ...options);
    expect(stderr).toContain('lets one agent in to grid runs of');

    const first = notebook(cell, installed);
    await until(() => /epoch 2\/6/.test(run.said()) || first.child.exitCode !== null);
    const pid = agentPid('nb');
    expect(isAlive(pid), first.said()).toBe(true);
    first.stop();
    const { exitCode } = await first.child;
    expect({ exitCode, said: first.said() }).toMatchObject({
      exitCode: 0,
      said: expect.stringMatching(
        /taking the modules of the coordinator.*offers 1 slot as nb.*run the cell again, and it goes on/s,
      ),
    });
    expect(isAlive(pid)).toBe(false);
    // What it was at is on its disk, and the token that it enrolled with has been used.
    expect(readdirSync(join(installed, '.cache/gridfarm/agent/nb/runs/cpu0'))).toContain('run.json');

    const second = notebook(cell, installed);
    expect(await run.ended, run.said() + second.said()).toBe(0);
    expect(run.said()).not.toContain('run 2');
    expect(await findings(run.results)).toEqual(await findings(alone.results));
    second.stop();
    expect((await second.child).exitCode, second.said()).toBe(0);
    expect(second.said()).not.toContain('installed version');
  }, 300_000);

  it('takes a token that is given to it, and goes with a kernel that is killed', async () => {
    const run = await startRun(prepareFarm({ seeds: 1, epochs: 200 }));
    ending.push(() => run.child.kill('SIGKILL'));
    const { secret } = await new TokenFile(join(run.results, 'agents/tokens.json')).add('hands');
    const options = ['--server', run.url, '--name', 'asking', '--engine', 'wasm', '--ask-token'];
    const { stdout: cell } = await printed(run.folder, ...options);
    expect(cell).not.toMatch(/gf_/);
    const kernelPid = `import os\nprint("kernel", os.getpid())\n`;
    const one = notebook(kernelPid + cell, installed, { GRID_TOKEN: secret });
    await until(() => one.said().includes('offers') || one.child.exitCode !== null);
    const pid = agentPid('asking');
    expect(isAlive(pid), one.said()).toBe(true);
    process.kill(Number(/kernel (\d+)/.exec(one.said())![1]), 'SIGKILL');
    await until(() => !isAlive(pid), 30);
  }, 300_000);

  it.each([
    [
      'nobody listens there',
      'http://127.0.0.1:9',
      {},
      /doesn't reach http:\/\/127.0.0.1:9: .*refused.*Is `grid run` running/,
    ],
    [
      'its token is none',
      '',
      { GRID_TOKEN: 'gf_wrong' },
      /answered 401 .*no valid token.*ended with exit code 69.*print the cell anew/s,
    ],
  ])(
    'fails with words where %s',
    async (_, server, environment, words) => {
      const run = await startRun(prepareFarm({ seeds: 1, epochs: 1 }));
      ending.push(() => run.child.kill('SIGKILL'));
      const { stdout: cell } = await printed(
        run.folder,
        '--server',
        server || run.url,
        '--ask-token',
        '--engine',
        'wasm',
      );
      const { child, said } = notebook(cell, emptyHome(), environment);
      expect((await child).exitCode, said()).toBe(1);
      expect(said()).toMatch(words);
    },
    120_000,
  );
});

describe('grid agent --notebook', () => {
  it('says first what the services forbid, and holds what the agent there is to be started with', async () => {
    const folder = workFolder();
    const more = ['--hours', '11.5', '--data', '/kaggle/input/birds', '--once', '--upload-limit', '2'];
    const environment = { GRID_DATA: '/here', GRID_ENGINE: 'wasm' };
    const words = ['agent', '--notebook', '--server', 'https://box.example:7463/', ...more];
    const { stdout, stderr, exitCode } = await startGrid(folder, words, environment);
    expect({ stderr, exitCode }).toMatchObject({
      exitCode: 0,
      stderr: expect.not.stringContaining('own machine'),
    });
    const comments = stdout.slice(0, stdout.indexOf('\ndef '));
    expect(comments).toMatch(
      /^# Makes .*https:\/\/box.example:7463 .*Colab: .*distributed computing workers.*Kaggle: turn on Internet/s,
    );
    const [token] = new TokenFile(join(folder, 'results/agents/tokens.json')).all;
    expect(token).toMatchObject({ once: true, entry: null });
    expect(stdout.match(/gf_[^"]*/g)).toEqual([expect.stringContaining(`gf_${token!.id}_`)]);
    const script = scriptIn(stdout);
    expect(script).toContain("--hours' '11.5' '--upload-limit' '2' '--once'");
    expect(script).toContain("'--data' '/kaggle/input/birds'");
    expect(script).toContain('" setup </dev/null');
    expect(script).not.toMatch(/gf_|\/here|'--engine'/);
  });

  it.each([
    [[], /--notebook: where is `grid run` for the notebook\? --server URL/],
    [['--server', 'http://box.example:7463'], /without TLS the token and the results can be read/],
    [['--server', 'box.example:7463'], /expected http/],
    [['--folder', '/shared'], /gets this version from `grid run` by --server/],
    [['--server', 'https://box.example', '--token-file', 'x'], /leave --token-file out/],
    [['--server', 'https://box.example', '--slots', 'ssh.yaml'], /backend: local; it has ssh/],
    [['--server', 'https://box.example', '--slots', 'bad.yaml'], /bad.yaml:2:.*cpus/],
  ])('refuses %j, and makes no token', async (more, words) => {
    const folder = workFolder();
    writeFileSync(join(folder, 'ssh.yaml'), 'slots:\n  - { backend: ssh, host: box }\n');
    writeFileSync(join(folder, 'bad.yaml'), 'slots:\n  - { backend: local, cpus: 0 }\n');
    const { all, exitCode } = await printed(folder, ...more);
    expect({ all, exitCode }).toMatchObject({ exitCode: 2 });
    expect(all).toMatch(words);
    expect(existsSync(join(folder, 'results'))).toBe(false);
  });

  it('--ask-token alone is none', async () => {
    const { all, exitCode } = await startGrid(workFolder(), [
      'agent',
      '--ask-token',
      '--server',
      'https://box.example',
    ]);
    expect({ all, exitCode }).toEqual({ exitCode: 2, all: expect.stringContaining('goes with --notebook') });
  });
});
