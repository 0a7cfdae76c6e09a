import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { FleetState } from '../../../slots/launchers/launcher.js';
import type { RayEntry } from '../../../slots/launchers/ray/entry.js';
import { rayLauncher } from '../../../slots/launchers/ray.js';
import { StubAgents } from '../../fixtures/stub-agents.js';
import { RayHead, rayMissing } from '../../testbeds/ray.js';

const nowhere = 'http://127.0.0.1:1';

describe('without a cluster', () => {
  it('a head that is away is trouble and no error, and check says so', async () => {
    const entry = { address: nowhere, max: 1 };
    const stub = new StubAgents();
    const fleet = await rayLauncher.open(entry, stub.context());
    await fleet.start(1);
    expect(await fleet.look()).toEqual({
      ...{ waiting: 0, running: 0 },
      trouble: expect.stringMatching(/^Ray's head doesn't answer: http:\/\/127.0.0.1:1: .*ECONNREFUSED/),
    });
    expect(await fleet.lastWords()).toBeUndefined();
    await fleet.stop('waiting');
    expect(stub.said).toEqual([
      expect.stringMatching(/couldn't be stopped: .*; later: ray job stop --address/),
    ]);
    expect(await rayLauncher.check(entry, {})).toEqual([
      expect.stringMatching(/^Ray's head doesn't answer: .*ECONNREFUSED/),
    ]);
  });

  it.each<[object, RegExp]>([
    [{ gpus: 1.5 }, /gpus: 1.5: expected a part of one GPU, or whole ones/],
    [{ resources: { GPU: 1 } }, /resources: GPU has a key of its own in the entry: gpus/],
    [{ address: 'http://192.0.2.77:8265' }, /server is missing: agents at 192.0.2.77 reach no 127.0.0.1/],
    [
      { address: 'http://192.0.2.77:8265', server: 'http://localhost:7463' },
      /server: http:\/\/localhost:7463 is this machine for itself/,
    ],
  ])('%j is refused before anything runs', async (more, words) => {
    const entry: RayEntry = { address: nowhere, max: 1, ...more };
    await expect(rayLauncher.open(entry, new StubAgents().context())).rejects.toThrow(words);
    if (entry.address === nowhere) expect((await rayLauncher.check(entry, {}))[0]).toMatch(words);
  });

  it.each<[number, string, RegExp]>([
    [
      200,
      '<html>',
      /address: http:\S+ is no dashboard of Ray, it answers 200 <html>: expected what `ray job/,
    ],
    [404, 'nothing here', /it answers 404 nothing here/],
    [401, '', /lets nobody in without .* \(401\): set RAY_AUTH_TOKEN, or give headers/],
  ])('what answers %i %j is refused', async (status, body, words) => {
    const asked: (string | undefined)[] = [];
    const server = createServer((incoming, outgoing) => {
      asked.push(incoming.headers.authorization);
      outgoing.writeHead(status).end(body);
    });
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    try {
      const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      const environment = { RAY_AUTH_TOKEN: 'secret' };
      const context = new StubAgents().context({ environment });
      await expect(rayLauncher.open({ address, max: 1 }, context)).rejects.toThrow(words);
      expect(await rayLauncher.check({ address, max: 1 }, {})).toEqual([expect.stringMatching(words)]);
      expect(asked).toEqual(['Bearer secret', undefined]);
    } finally {
      server.close();
    }
  });
});

const missing = rayMissing();
const patience = { timeout: 120_000, interval: 200 };

describe.skipIf(missing !== undefined)(`on a cluster${missing === undefined ? '' : ` (${missing})`}`, () => {
  const head = new RayHead();
  beforeAll(() => head.start(), 400_000);
  afterAll(() => head.stop(), 60_000);
  vi.setConfig({ testTimeout: 300_000 });

  async function open(more: Partial<RayEntry> = {}, stub = new StubAgents()) {
    const entry = { address: head.address, max: 8, ...more };
    const fleet = await rayLauncher.open(entry, stub.context());
    const reaches = (state: FleetState) =>
      vi.waitFor(async () => expect(await fleet.look()).toEqual(state), patience);
    return { stub, fleet, reaches };
  }
  type Opened = Awaited<ReturnType<typeof open>>;

  /** The cluster is free for the next test. */
  async function leave({ fleet, reaches }: Opened) {
    await fleet.stop('all');
    await reaches({ waiting: 0, running: 0 });
  }

  it('check finds it', async () => {
    expect(await rayLauncher.check({ address: head.address, max: 1 }, {})).toEqual([]);
  });

  it('agents that share GPUs run, are found again, and end with time to leave', async () => {
    const first = await open({ gpus: 0.5 });
    const { stub, fleet, reaches } = first;
    stub.act = `echo "$CUDA_VISIBLE_DEVICES" > "${stub.folder}/told/$1.gpu"; while :; do sleep 0.1; done`;
    await fleet.start(3);
    await reaches({ waiting: 0, running: 3 });
    await vi.waitFor(() => expect(stub.begun).toHaveLength(3), patience);
    expect(stub.said).toEqual([]);
    const later = await open({ gpus: 0.5 }, stub);
    expect(await later.fleet.look()).toEqual({ waiting: 0, running: 3 });
    await later.fleet.stop('waiting');
    expect(await later.fleet.look()).toEqual({ waiting: 0, running: 3 });
    await leave(later);
    expect(stub.ended).toEqual(stub.begun);
  });

  it('what waits is taken back at once, though Ray keeps it, and never becomes an agent', async () => {
    const first = await open({ gpus: 1 });
    const { stub, fleet, reaches } = first;
    await fleet.start(4);
    await reaches({ waiting: 2, running: 2 });
    await vi.waitFor(() => expect(stub.begun).toHaveLength(2), patience);
    await fleet.stop('waiting');
    expect(await fleet.look()).toEqual({ waiting: 0, running: 2 });
    // The next runner knows it, too.
    const later = await open({ gpus: 1 }, stub);
    expect(await later.fleet.look()).toEqual({ waiting: 0, running: 2 });
    await later.fleet.start(1);
    expect(await later.fleet.look()).toEqual({ waiting: 1, running: 2 });
    expect(stub.ended).toEqual([]);
    process.kill(stub.pids[0]!, 'SIGTERM');
    await vi.waitFor(() => expect(stub.begun.some(name => name.endsWith('-5'))).toBe(true), patience);
    await later.reaches({ waiting: 0, running: 2 });
    await leave(later);
    // Those that were taken back had no time to begin, or ended at once.
    expect(stub.ended).toEqual(stub.begun);
  });

  it('an answer that is lost starts nothing twice', async () => {
    // Passes requests on, and drops the answer to the first submit.
    let lost = 0;
    const proxy = createServer((incoming, outgoing) => {
      const { method, url, headers } = incoming;
      const passed = request(`${head.address}${url}`, { method, headers }, answer => {
        if (method === 'POST' && lost++ === 0) outgoing.destroy();
        else answer.pipe(outgoing.writeHead(answer.statusCode!, answer.headers));
      });
      incoming.pipe(passed);
    });
    await new Promise<void>(resolve => proxy.listen(0, '127.0.0.1', resolve));
    try {
      const address = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
      const opened = await open({ address });
      await opened.fleet.start(1);
      await opened.reaches({ waiting: 0, running: 1 });
      expect(lost).toBe(2);
      await vi.waitFor(() => expect(opened.stub.begun).toHaveLength(1), patience);
      await leave(opened);
      expect(opened.stub.begun).toHaveLength(1);
    } finally {
      proxy.close();
    }
  });

  it('what an agent left is told without Ray’s own lines', async () => {
    const { stub, fleet, reaches } = await open();
    stub.act = 'echo no such server >&2; exit 3';
    await fleet.start(1);
    await vi.waitFor(() => expect(stub.begun).toHaveLength(1), patience);
    await reaches({ waiting: 0, running: 0 });
    expect(await fleet.lastWords()).toBe('no such server');
  });

  it('a head that is killed and comes again knows none, and takes new ones', async () => {
    const opened = await open();
    const { stub, fleet, reaches } = opened;
    await fleet.start(1);
    await vi.waitFor(() => expect(stub.begun).toHaveLength(1), patience);
    await reaches({ waiting: 0, running: 1 });
    await head.kill();
    expect(await fleet.look()).toEqual({
      ...{ waiting: 0, running: 1 },
      trouble: expect.stringMatching(/doesn't answer/),
    });
    await head.start();
    await reaches({ waiting: 0, running: 0 });
    await fleet.start(1);
    await vi.waitFor(() => expect(stub.begun).toHaveLength(2), patience);
    await leave(opened);
  }, 600_000);
});
