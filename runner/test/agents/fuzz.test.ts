/**
 * Requests of anybody, generated: none may bring the coordinator down, be written outside of its folders, or be believed. `GRID_FUZZ`
 * sets how many (1,000,000 take minutes).
 */
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { programVersion } from '../../agents/program-version.js';
import type { AgentSlot } from '../../agents/server/agent-slot.js';
import { startOn } from '../../slots/submission.js';
import { openTestFarm, temporaryFolder } from '../fixtures/farm.js';
import { fixtureSpec } from '../fixtures/run-spec.js';
import { slotRun } from '../fixtures/slot-run.js';

const requests = Number(process.env.GRID_FUZZ ?? 5000);
const batch = 500;

/** A message, with some of its parts replaced by anything. */
const mutated = (message: object): fc.Arbitrary<unknown> =>
  fc.oneof(
    { weight: 1, arbitrary: fc.json() },
    { weight: 1, arbitrary: fc.string({ maxLength: 300 }) },
    {
      weight: 6,
      arbitrary: fc
        .tuple(
          // Who may wait, does.
          fc.constantFrom(...Object.keys(message).filter(key => key !== 'waitSeconds')),
          fc.oneof(fc.jsonValue(), fc.constantFrom('../..', -1, 1e300, null)),
        )
        .map(([key, value]) => JSON.stringify({ ...message, [key]: value })),
    },
    { weight: 1, arbitrary: fc.constant(JSON.stringify(message)) },
  );

test(`${requests} generated requests`, async () => {
  const outside = temporaryFolder('fuzz');
  const results = join(outside, 'results');
  mkdirSync(results);
  const farm = await openTestFarm(results);
  farm.farm.coordinator.goodbyeMs = 0;
  const { app } = farm.farm;
  const { secret } = await farm.farm.tokens.add('box');
  const post = (path: string, body: object) =>
    app.request(path, {
      method: 'POST',
      headers: { authorization: `Bearer ${secret}` },
      body: JSON.stringify(body),
    });
  const slots = [{ name: 'cpu0', device: 'a CPU', memoryMegabytes: null, shares: null, dataRoot: null }];
  const begin = {
    protocol: 1,
    version: programVersion,
    agentId: 'agent-one',
    name: 'box',
    slots,
    engine: null,
    secondsLeft: null,
    runs: [],
    data: [],
  };
  const { session } = (await (await post('/v1/sessions', begin)).json()) as { session: string };
  const slot = farm.slots.all[0] as AgentSlot;
  const run = slotRun(fixtureSpec({ epochs: 3 }));
  const handle = startOn(slot, run);
  const reading = (async () => {
    for await (const _ of handle.events);
  })();
  const lease = { session, slot: 'cpu0', secondsLeft: null, waitSeconds: 0 };
  const { run: given } = (await (await post('/v1/leases', { ...lease, waitSeconds: 5 })).json()) as {
    run: { ref: string };
  };
  const sha = 'a'.repeat(64);
  const file = { name: 'checkpoints/last.safetensors', sha256: sha, bytes: 3 };
  const messages: [string, object][] = [
    ['/v1/sessions', { ...begin, agentId: 'agent-two' }],
    ['/v1/leases', lease],
    ['/v1/commands', { session, waitSeconds: 0, known: [] }],
    [
      `/v1/runs/${given.ref}/events`,
      { session, from: 1, events: [{ type: 'warning', cellId: 'a', message: 'b' }], passing: [], log: '' },
    ],
    [`/v1/runs/${given.ref}/files`, { session, files: [file] }],
    [`/v1/runs/${given.ref}/end`, { session, from: 1_000_000, exit: { outcome: 'killed', epoch: 0 } }],
  ];
  const paths = [
    ...messages.map(([path]) => path),
    `/v1/blobs/${sha}?session=${session}&offset=0&bytes=3`,
    `/v1/blobs/..%2f..%2fx?session=${session}&offset=0&bytes=3`,
    `/v1/runs/${given.ref}/files/${sha}?session=${session}`,
    '/v1/package/..%2f..%2f..%2fetc%2fpasswd',
    `/v1/data/${sha}`,
    '/v1/runs/..%2fx/init',
  ];
  const anyRequest = fc.oneof(
    fc
      .constantFrom(...messages)
      .chain(([path, message]) =>
        mutated(message).map(body => ({ method: 'POST', path, body: String(body), token: secret })),
      ),
    fc.record({
      method: fc.constantFrom('GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS'),
      path: fc.oneof(
        fc.constantFrom(...paths),
        fc.webPath().map(path => `/v1${path}`),
      ),
      body: fc.string({ maxLength: 200 }),
      token: fc.oneof(
        fc.constant(secret),
        fc.string({ maxLength: 40 }).map(text => encodeURIComponent(text)),
      ),
    }),
  );
  const statuses = new Map<number, number>();
  const cellFolder = run.artifacts.folder().cell.root;
  // What an agent says beside its events is the log's.
  const files = () =>
    readdirSync(cellFolder, { recursive: true })
      .filter(name => name !== 'log.txt')
      .sort();
  const filesBefore = files();
  const memoryBefore = process.memoryUsage().heapUsed;
  for (let done = 0; done < requests; done += batch)
    for (const { method, path, body, token } of fc.sample(anyRequest, {
      numRuns: Math.min(batch, requests - done),
    })) {
      const withBody = !['GET', 'HEAD'].includes(method);
      const response = await app.request(path, {
        method,
        headers: { authorization: `Bearer ${token}` },
        ...(withBody && { body }),
      });
      await response.arrayBuffer();
      statuses.set(response.status, (statuses.get(response.status) ?? 0) + 1);
    }
  expect(
    [...statuses.keys()].filter(status => status >= 500),
    JSON.stringify([...statuses]),
  ).toEqual([]);
  expect(statuses.get(400)).toBeGreaterThan(requests / 20);
  expect(files()).toEqual(filesBefore);
  expect(readdirSync(outside)).toEqual(['results']);
  expect(readFileSync(farm.farm.tokens.path, 'utf8')).not.toContain(secret);
  // It still serves.
  expect((await post('/v1/commands', { session, waitSeconds: 0, known: [] })).status).toBe(200);
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
  expect(process.memoryUsage().heapUsed - memoryBefore).toBeLessThan(100e6);
  await slot.lose('the test is over');
  await reading;
  await farm.close();
}, 3_600_000);
