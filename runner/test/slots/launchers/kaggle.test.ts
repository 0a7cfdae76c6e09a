import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execaSync } from 'execa';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { readCredentials } from '../../../slots/launchers/kaggle/credentials.js';
import { kaggleLauncher } from '../../../slots/launchers/kaggle.js';
import { StandInKaggle } from '../../fixtures/stand-in-kaggle.js';
import { StubAgents } from '../../fixtures/stub-agents.js';

// They end as soon as it is so: on a busy machine that takes a while.
vi.setConfig({ testTimeout: 400_000 });

const server = 'https://head.example:7463';
const until = (condition: () => void | Promise<void>) =>
  vi.waitFor(condition, { timeout: 200_000, interval: 100 });

function profileWith(files: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), 'gridfarm-profile-'));
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  return folder;
}

describe('credentials', () => {
  const json = JSON.stringify({ username: 'bob', key: 'k' });
  const basic = 'Basic Ym9iOms=';

  it('come in the order of Kaggle’s own program', () => {
    const folder = profileWith({ access_token: ' t1 \n', 'access_token.txt': 't2', 'kaggle.json': json });
    const environment = {
      ...{ KAGGLE_CONFIG_DIR: folder, KAGGLE_API_TOKEN: 't0' },
      ...{ KAGGLE_USERNAME: 'bob', KAGGLE_KEY: 'k' },
    };
    const given = (without: string[]) =>
      readCredentials(
        undefined,
        Object.fromEntries(Object.entries(environment).filter(([key]) => !without.includes(key))),
      ).authorization;
    expect(given([])).toBe('Bearer t0');
    expect(given(['KAGGLE_API_TOKEN'])).toBe('Bearer t1');
    rmSync(join(folder, 'access_token'));
    expect(given(['KAGGLE_API_TOKEN'])).toBe('Bearer t2');
    rmSync(join(folder, 'access_token.txt'));
    expect(given(['KAGGLE_API_TOKEN'])).toBe(basic);
    expect(given(['KAGGLE_API_TOKEN', 'KAGGLE_KEY'])).toBe(basic);
    const file = profileWith({ token: 'of a file\n' });
    expect(readCredentials(undefined, { KAGGLE_API_TOKEN: join(file, 'token') }).authorization).toBe(
      'Bearer of a file',
    );
  });

  it('of a profile are those of its folder, whatever the environment says', () => {
    const environment = { KAGGLE_API_TOKEN: 't0' };
    expect(readCredentials(profileWith({ 'kaggle.json': json }), environment)).toMatchObject({
      ...{ authorization: basic, user: 'bob' },
    });
    expect(() => readCredentials('/no/such', environment)).toThrow(
      'no credentials of Kaggle in /no/such: expected access_token or kaggle.json there',
    );
    expect(() => readCredentials(profileWith({ 'kaggle.json': '{"username": "x"}' }), {})).toThrow(
      /kaggle\.json: expected \{"username": …, "key": …\}/,
    );
  });
});

const hasPython = !execaSync('python3', ['--version'], { reject: false }).failed;

describe.skipIf(!hasPython)('with a stand-in for Kaggle', () => {
  let kaggle: StandInKaggle;
  beforeEach(async () => {
    kaggle = await StandInKaggle.start();
  });
  afterEach(() => kaggle.stop());

  const profile = profileWith({ access_token: 'secret' });
  async function open(more: object = {}, stub = new StubAgents()) {
    const entry = { server, profile, ...more };
    const fleet = await kaggleLauncher.open(entry, stub.context({ environment: kaggle.environment }));
    return { stub, fleet };
  }
  const requests = () => [...kaggle.kernels.values()].map(({ request }) => request);

  it('agents run in private kernels, each let in once, and are found by the next runner', async () => {
    const { stub, fleet } = await open({ datasets: ['alice/birds'], data: '/kaggle/input/birds' });
    await fleet.start(2);
    await until(async () => expect(await fleet.look()).toEqual({ waiting: 0, running: 2 }));
    await until(() => expect(stub.begun).toHaveLength(2));
    expect(stub.begun[0]).toMatch(/^kaggle-[0-9a-f]{4}-1$/);
    expect([...kaggle.authorizations]).toEqual(['Bearer secret']);
    // 29 hours are left, for each of the two no more than a session lasts; the agent ends before it does.
    expect(stub.asked).toMatchObject([
      {
        ...{ once: true, arguments: ['--hours', '11.8333'] },
        slotsFile: '{"slots":[{"backend":"local","data":"/kaggle/input/birds"}]}',
      },
      { once: true, home: expect.stringMatching(/^\$cache\/agents\/kaggle-[0-9a-f]{4}-2$/) },
    ]);
    expect(requests()[0]).toMatchObject({
      ...{ isPrivate: true, enableInternet: true, machineShape: 'NvidiaTeslaT4', kernelType: 'script' },
      ...{ sessionTimeoutSeconds: 43_200, datasetDataSources: ['alice/birds'], language: 'python' },
      slug: expect.stringMatching(/^alice\/gridfarm-[0-9a-f]{10}-1$/),
    });
    const later = await open({ datasets: ['alice/birds'], data: '/kaggle/input/birds' }, stub);
    expect(await later.fleet.look()).toEqual({ waiting: 0, running: 2 });
    await later.fleet.stop('all');
    expect(stub.said[0]).toMatch(/Kaggle lets no kernel be ended from outside: 2 end as soon as/);
    for (const pid of stub.pids) process.kill(pid);
    await until(async () => expect(await fleet.look()).toEqual({ waiting: 0, running: 0 }));
  });

  it('a kernel that is in the queue is one that waits', async () => {
    kaggle.capacity = 1;
    const { fleet } = await open();
    await fleet.start(2);
    await until(async () => expect(await fleet.look()).toEqual({ waiting: 1, running: 1 }));
  });

  it('hours are those of the entry, or what the week has left', async () => {
    const { stub, fleet } = await open({ hours: 2 });
    await fleet.start(1);
    kaggle.quota = { timeUsed: '100000s', timeReserved: '4400s', totalTimeAllowed: '108000s' };
    await fleet.start(1);
    expect(requests().map(({ sessionTimeoutSeconds }) => sessionTimeoutSeconds)).toEqual([7200, 3600]);
    expect(stub.asked.map(asked => asked.arguments)).toEqual([
      ['--hours', '1.8333'],
      ['--hours', '0.8333'],
    ]);
    kaggle.quota = { timeUsed: '107500s', totalTimeAllowed: '108000s' };
    await fleet.start(1);
    expect(kaggle.kernels.size).toBe(2);
    expect((await fleet.look()).trouble).toBe(
      'too little GPU time is left this week: 29.9 of 30 h of GPUs used or reserved, new ones from 2026-12-05T00:00:00Z',
    );
  });

  it('kernels without an accelerator need no quota', async () => {
    kaggle.quota = { timeUsed: '108000s', totalTimeAllowed: '108000s' };
    kaggle.gpu = '';
    const { stub, fleet } = await open({ accelerator: 'none' });
    await fleet.start(1);
    await until(async () => expect(await fleet.look()).toEqual({ waiting: 0, running: 1 }));
    await until(() => expect(stub.begun).toHaveLength(1));
    expect(requests()[0]).not.toHaveProperty('machineShape');
  });

  it.each([
    ['Tesla P100-PCIE-16GB', 'Tesla P100-PCIE-16GB'],
    ['', 'no GPU'],
  ])('a kernel that got %j in place of what it asked for ends at once', async (gpu, words) => {
    kaggle.gpu = gpu;
    const { stub, fleet } = await open();
    await fleet.start(1);
    await until(async () => expect(await fleet.look()).toEqual({ waiting: 0, running: 0 }));
    expect(await fleet.lastWords()).toMatch(
      `gridfarm: asked for NvidiaTeslaT4, got ${words}\n; its log: https://www.kaggle.com/code/alice/gridfarm-`,
    );
    expect(stub.begun).toEqual([]);
  });

  it('an account that is full is asked again later, and a refusal is no start', async () => {
    kaggle.answers.SaveKernel = [{ body: { error: 'Maximum batch GPU session count of 2 reached.' } }];
    const { fleet } = await open();
    await fleet.start(1);
    expect(await fleet.look()).toEqual({
      ...{ waiting: 0, running: 0 },
      trouble: 'Kaggle has no room for a kernel of alice: Maximum batch GPU session count of 2 reached.',
    });
    kaggle.answers.SaveKernel.push({ body: { error: 'The title is taken' } });
    await expect(fleet.start(1)).rejects.toThrow('Kaggle takes no such kernel: The title is taken');
  });

  it('datasets that it doesn’t know are told of', async () => {
    kaggle.answers.SaveKernel = [{ body: { url: 'https://k', invalidDatasetSources: ['alice/brids'] } }];
    const { stub, fleet } = await open({ datasets: ['alice/brids'] });
    await fleet.start(1);
    expect(stub.said[0]).toContain('alice has no datasets alice/brids: mend datasets:');
  });

  it('waits as long as it is asked to, and one that doesn’t answer is trouble', async () => {
    const limited = { status: 429, headers: { 'retry-after': '1' }, body: { message: 'slow down' } };
    const { fleet } = await open();
    await fleet.start(1);
    kaggle.answers.GetKernelSessionStatus = [limited];
    const began = performance.now();
    expect((await fleet.look()).trouble).toBeUndefined();
    expect(performance.now() - began).toBeGreaterThan(900);
    kaggle.answers.GetKernelSessionStatus = [{ status: 503, body: {} }];
    expect(await fleet.look()).toMatchObject({
      running: 1,
      trouble: "Kaggle doesn't answer: kernels.KernelsApiService/GetKernelSessionStatus: status 503 (503)",
    });
    kaggle.answers.SaveKernel = [{ status: 500, body: {} }];
    await fleet.start(1);
    // It may have been taken: it waits for a while.
    expect(await fleet.look()).toMatchObject({ waiting: 1, running: 1 });
  });

  it('who isn’t let in hears it before anything runs, from a 200 too', async () => {
    const no = { body: { code: 401, message: 'Unauthenticated' } };
    kaggle.answers.GetAcceleratorQuotaStatistics = [no];
    await expect(open()).rejects.toThrow(
      /slots\[0\] \(stub\): Kaggle lets nobody in with .*access_token: .*Unauth/,
    );
    kaggle.answers.IntrospectToken = [{ body: { active: false } }];
    await expect(open()).rejects.toThrow(/the token isn't valid \(any more\); make a new token/);
    await expect(open({ server: 'http://localhost:7463' })).rejects.toThrow(/is this machine for itself/);
  });

  it('check says what is missing', async () => {
    const check = () => kaggleLauncher.check({ server, profile }, kaggle.environment);
    expect(await check()).toEqual([]);
    kaggle.quota = { timeUsed: '108000s', totalTimeAllowed: '108000s' };
    expect(await check()).toEqual([expect.stringContaining('no GPU time is left this week: 30 of 30 h')]);
    const nowhere = { ...process.env, KAGGLE_API_URL: 'http://127.0.0.1:1' };
    expect(await kaggleLauncher.check({ server, profile }, nowhere)).toEqual([
      expect.stringMatching(/^Kaggle doesn't answer: http:\/\/127\.0\.0\.1:1: /),
    ]);
  });
});
