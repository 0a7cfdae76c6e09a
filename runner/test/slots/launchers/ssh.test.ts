/** With real hosts: network namespaces with an sshd each. What they start is a stand-in for the agent that asks the coordinator again and again. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { AgentScriptOptions, Fleet, LaunchContext } from '../../../slots/launchers/launcher.js';
import type { SshEntry } from '../../../slots/launchers/ssh/entry.js';
import { sshLauncher } from '../../../slots/launchers/ssh.js';
import { noSshHosts, SshHosts } from '../../testbeds/ssh.js';

/** Asks URL until it is told to end; its folder and its arguments are in what it asks for. */
const agent = `
const { request } = require('node:http');
const ask = () => request(process.argv[2] + '/' + process.pid, { timeout: 500 }, answer => answer.resume())
  .on('timeout', function () { this.destroy(); }).on('error', () => {}).end();
setInterval(ask, 100);
process.on('SIGTERM', () => process.exit(3));
`;

const longMs = 60_000;
const until = (condition: () => void | Promise<void>, timeout = longMs) =>
  vi.waitFor(condition, { timeout, interval: 100 });

describe.skipIf(noSshHosts !== undefined)(`ssh (${noSshHosts ?? 'hosts in network namespaces'})`, () => {
  let folder: string;
  let hosts: SshHosts;
  let server: Server;
  /** Process ids of the agents, as they ask. */
  let asked: string[] = [];
  let ends: AbortController;
  let said: string[];
  let fleet: Fleet | undefined;
  let action: string;
  let entries = 0;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'ssh-hosts-'));
    hosts = await SshHosts.up(folder, 1);
    writeFileSync(join(folder, 'main.js agent'), agent);
    server = createServer((request, response) => {
      asked.push(request.url!.slice(1));
      response.end();
    });
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  }, longMs);
  afterAll(async () => {
    server.closeAllConnections();
    server.close();
    await hosts.down();
    rmSync(folder, { recursive: true, force: true });
  }, longMs);

  beforeEach(() => {
    asked = [];
    said = [];
    ends = new AbortController();
    entries++;
    mkdirSync(join(folder, `entry${entries}`));
    action = '';
  });
  afterEach(async () => {
    await hosts.mend(1);
    await fleet?.stop('all');
    ends.abort();
    fleet = undefined;
  }, longMs);

  const entry = (more: Partial<SshEntry> = {}): SshEntry => ({
    host: 'h1',
    sshConfig: hosts.config,
    options: ['ServerAliveInterval=1', 'ServerAliveCountMax=2', 'ConnectTimeout=2'],
    ...more,
  });
  const context = (): LaunchContext => ({
    environment: process.env,
    folder: join(folder, `entry${entries}`),
    entry: 'slots[0] (ssh)',
    localUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    agentScript: async ({ server: url, home, arguments: words }: AgentScriptOptions = {}) =>
      `echo '${JSON.stringify(words)}' >'${home}/arguments'\n${action}\nexec '${process.execPath}' '${folder}/main.js agent' '${url}'\n`,
    connected: () => [],
    say: words => void said.push(words),
    signal: ends.signal,
  });
  const open = async (more?: Partial<SshEntry>) => {
    fleet = await sshLauncher.open(entry(more), context());
    return fleet;
  };
  const started = async () => {
    const opened = await open();
    await opened.start(1);
    await until(() => expect(asked.length).toBeGreaterThan(2));
    return opened;
  };
  const askedAnew = async () => {
    asked = [];
    await until(() => expect(asked.length).toBeGreaterThan(2));
  };
  const notes = () => JSON.parse(readFileSync(join(folder, `entry${entries}`, 'fleet.json'), 'utf8'));
  const home = () => join(hosts.home(1), '.cache/gridfarm/agents', notes().fleet);

  it(
    'starts one agent, which finds the coordinator, with the entry’s slots, and ends it',
    async () => {
      fleet = await sshLauncher.open(entry({ cpus: 2, data: '~/digits' }), context());
      expect(await fleet.look()).toEqual({ waiting: 0, running: 0 });
      await fleet.start(1);
      await until(() => expect(asked.length).toBeGreaterThan(2));
      await fleet.start(1);
      expect(await fleet.look()).toEqual({ waiting: 0, running: 1 });
      await askedAnew();
      expect(new Set(asked).size).toBe(1);
      expect(JSON.parse(readFileSync(join(home(), 'slots.json'), 'utf8'))).toEqual({
        slots: [{ backend: 'local', cpus: 2, data: '~/digits' }],
      });
      expect(JSON.parse(readFileSync(join(home(), 'arguments'), 'utf8'))).toContain(`${home()}/slots.json`);
      await fleet.stop('all');
      expect(await fleet.look()).toEqual({ waiting: 0, running: 0 });
      expect(readFileSync(join(home(), 'exit'), 'utf8')).toBe('3\n');
      // It held a secret.
      expect(existsSync(join(home(), 'agent.sh'))).toBe(false);
    },
    longMs,
  );

  it(
    'keeps an agent through a cut of 3 seconds',
    async () => {
      await started();
      const [pid] = asked;
      await hosts.cut(1);
      await sleep(3000);
      await hosts.mend(1);
      await askedAnew();
      expect(asked.every(other => other === pid)).toBe(true);
    },
    longMs,
  );

  it(
    'keeps an agent through a cut that ends the connection, and finds it again at the same address',
    async () => {
      const opened = await started();
      const [pid] = asked;
      await hosts.cut(1);
      await until(() => expect(said.join()).toContain('h1 is out of touch'));
      expect(await opened.look()).toMatchObject({ running: 1, trouble: expect.stringMatching(/^h1: /) });
      await sleep(15_000);
      expect(await opened.look()).toMatchObject({ running: 1 });
      await hosts.mend(1);
      await until(() => expect(said.join()).toContain('h1 is in touch again'));
      await askedAnew();
      expect(asked.every(other => other === pid)).toBe(true);
      expect(await opened.look()).toEqual({ waiting: 0, running: 1 });
    },
    2 * longMs,
  );

  it(
    'keeps an agent through a restart of sshd',
    async () => {
      await started();
      const [pid] = asked;
      await hosts.bounce(1);
      await until(() => expect(said.join()).toContain('h1 is in touch again'));
      await askedAnew();
      expect(asked.every(other => other === pid)).toBe(true);
    },
    2 * longMs,
  );

  it(
    'lets an agent outlive the runner, and finds it again',
    async () => {
      await started();
      const [pid] = asked;
      ends.abort();
      await sleep(500);
      ends = new AbortController();
      const again = await open();
      expect(await again.look()).toEqual({ waiting: 0, running: 1 });
      await askedAnew();
      expect(asked.every(other => other === pid)).toBe(true);
    },
    longMs,
  );

  it(
    'waits for a host with an agent that can’t be reached when the next runner starts',
    async () => {
      await started();
      ends.abort();
      await hosts.cut(1);
      ends = new AbortController();
      const again = await open();
      expect(await again.look()).toMatchObject({
        running: 1,
        trouble: expect.stringMatching(/^h1: .*reached/),
      });
      await hosts.mend(1);
      await askedAnew();
    },
    2 * longMs,
  );

  it(
    'ends an agent that looks for the coordinator elsewhere',
    async () => {
      await started();
      const [pid] = asked;
      ends.abort();
      await sleep(500);
      writeFileSync(
        join(folder, `entry${entries}`, 'fleet.json'),
        JSON.stringify({ ...notes(), port: notes().port + 1 }),
      );
      ends = new AbortController();
      const again = await open();
      expect(await again.look()).toMatchObject({ running: 0 });
      await again.start(1);
      await askedAnew();
      expect(asked).not.toContain(pid);
    },
    longMs,
  );

  it(
    'tells of an agent that ended by itself what it said',
    async () => {
      action = 'echo "gridfarm: h1: no Node 20 here" >&2; exit 69';
      const opened = await open();
      await opened.start(1);
      await until(async () => expect(await opened.look()).toEqual({ waiting: 0, running: 0 }));
      expect(said).toEqual(['the agent on h1 ended with 69: gridfarm: h1: no Node 20 here']);
      expect(await opened.lastWords()).toContain('no Node 20 here');
    },
    longMs,
  );

  it.each<[string, Partial<SshEntry>, RegExp]>([
    [
      'an unknown host key',
      { options: ['StrictHostKeyChecking=yes', 'UserKnownHostsFile=/dev/null'] },
      /host key.*`ssh h1` once by hand/,
    ],
    ['no key that opens it', { options: ['PubkeyAuthentication=no'] }, /Permission denied.*`ssh-copy-id h1`/],
    ['a name that is none', { host: 'no-such-host.invalid' }, /there is no host of that name/],
    ['an option that is none', { options: ['NoSuchOption=1'] }, /Bad configuration option.*mend options/],
  ])(
    'says what to do about %s, before anything runs',
    async (_, more, words) => {
      await expect(open(more)).rejects.toThrow(words);
      const [problem] = await sshLauncher.check(entry(more), process.env);
      expect(problem).toMatch(words);
    },
    longMs,
  );

  it.each<[string, Partial<SshEntry>, RegExp]>([
    ['a host that isn’t up', { options: ['HostName=NOBODY', 'ConnectTimeout=1'] }, /can’t be reached/],
    ['no sshd', { port: 9 }, /h1:9: .*Connection refused.*no sshd listens there/],
  ])(
    'goes on without %s for now, and says so',
    async (_, { options = [], ...others }, words) => {
      const nobody = hosts.address(1).replace(/11$/, '99');
      const more = { ...others, options: options.map(option => option.replace('NOBODY', nobody)) };
      const opened = await open(more);
      const { running, trouble } = await opened.look();
      expect(running).toBe(0);
      expect(trouble).toMatch(words);
      expect(trouble).toMatch(/; it is tried again$/);
      const [problem] = await sshLauncher.check(entry(more), process.env);
      expect(problem).toMatch(words);
    },
    longMs,
  );

  it(
    'takes up a host that couldn’t be reached at first once it can be',
    async () => {
      await hosts.cut(1);
      const opened = await open();
      expect(await opened.look()).toMatchObject({ running: 0, trouble: expect.stringMatching(/reached/) });
      await expect(opened.start(1)).rejects.toThrow(/^h1: /);
      await hosts.mend(1);
      await until(async () => expect(await opened.look()).toEqual({ waiting: 0, running: 0 }));
      await opened.start(1);
      await askedAnew();
    },
    2 * longMs,
  );

  it(
    'needs the program ssh',
    async () => {
      const without = { ...context(), environment: { PATH: folder } };
      await expect(sshLauncher.open(entry(), without)).rejects.toThrow(/there is no program ssh here/);
    },
    longMs,
  );

  it(
    'checks a host without starting anything there',
    async () => {
      expect(await sshLauncher.check(entry({}), process.env)).toEqual([]);
      expect(await sshLauncher.check(entry({ data: "~/no 'such", gpus: 'all' }), process.env)).toEqual([
        expect.stringMatching(/^h1: no data folder .*no 'such: mend data:/),
        ...(existsSync('/usr/bin/nvidia-smi') ? [] : [expect.stringMatching(/no GPU/)]),
      ]);
    },
    longMs,
  );
});
