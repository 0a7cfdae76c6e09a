/** What a coordinator answers, message by message: to agents that behave, to those that repeat themselves, and to anybody else. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { programVersion } from '../../agents/program-version.js';
import { startOn } from '../../slots/submission.js';
import { openTestFarm, type TestFarm, temporaryFolder } from '../fixtures/farm.js';
import { fixtureSpec } from '../fixtures/run-spec.js';
import { slotRun } from '../fixtures/slot-run.js';

let farm: TestFarm;
let results: string;
let token: string;
const cellId = 'cell0';
const sha = (content: string) => createHash('sha256').update(content).digest('hex');

beforeEach(async () => {
  results = temporaryFolder();
  farm = await openTestFarm(results);
  // Nobody is there to hear it.
  farm.farm.coordinator.goodbyeMs = 0;
  ({ secret: token } = await farm.farm.tokens.add('box'));
});
afterEach(() => farm.close());

async function ask(
  path: string,
  body?: unknown,
  { method = body === undefined ? 'GET' : 'POST', as = token } = {},
) {
  const response = await farm.farm.app.request(path, {
    method,
    headers: { authorization: `Bearer ${as}` },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  // biome-ignore lint/suspicious/noExplicitAny: whatever it is, the test says what is expected of it
  return { status: response.status, ...(text === '' ? {} : (JSON.parse(text) as any)) };
}

const session = (more: object = {}) => ({
  protocol: 1,
  version: programVersion,
  agentId: 'agent-one',
  name: 'box',
  slots: [{ name: 'cpu0', device: 'a CPU', memoryMegabytes: null, shares: null, dataRoot: null }],
  engine: null,
  secondsLeft: null,
  runs: [],
  data: [],
  ...more,
});
const epoch = (number: number) => ({
  type: 'epoch',
  cellId: 'whatever',
  epoch: number,
  step: number,
  metrics: { validationAccuracy: number / 10 },
});

/** An agent whose slot has been given a run, which is followed. */
async function given() {
  const { session: id } = await ask('/v1/sessions', session());
  const run = slotRun(fixtureSpec({ epochs: 3 }));
  const handle = startOn(farm.slots.all[0]!, run);
  const told: unknown[] = [];
  const reading = (async () => {
    for await (const event of handle.events) if (event.type !== 'submitted') told.push(event);
    return handle.exit;
  })();
  const lease = () => ask('/v1/leases', { session: id, slot: 'cpu0', secondsLeft: null, waitSeconds: 5 });
  const first = await lease();
  const { ref } = first.run;
  const tell = (from: number, events: object[]) =>
    ask(`/v1/runs/${ref}/events`, { session: id, from, events, passing: [], log: '' });
  /** It has the run, and somebody follows it. */
  const takes = async () => {
    while ((await tell(1, [])).next === null);
  };
  return { id, run, handle, told, reading, first, lease, ref, tell, takes };
}

async function* pieces(text: string) {
  yield new TextEncoder().encode(text);
}

describe('tokens', () => {
  test.each([
    ['none', ''],
    ['one of another form', 'secret'],
    ['one that was never made', `gf_00000000_${'a'.repeat(43)}`],
  ])('%s: 401, whatever is asked', async (_, as) => {
    for (const path of ['/v1/sessions', '/v1/leases', `/v1/blobs/${sha('')}`, '/v1/nothing'])
      expect(await ask(path, undefined, { as })).toMatchObject({ status: 401 });
  });

  test('their file has no secret in it, and nobody else may read what grid token prints', async () => {
    const content = readFileSync(farm.farm.tokens.path, 'utf8');
    expect(content).not.toContain(token.slice('gf_01234567_'.length));
    expect(content).toContain(createHash('sha256').update(token).digest('hex'));
  });

  test('one for enrolling is good for one agent, which gets its own', async () => {
    const { secret } = await farm.farm.tokens.add('notebook', { once: true });
    const first = await ask('/v1/sessions', session(), { as: secret });
    expect(first).toMatchObject({ status: 200, token: expect.stringMatching(/^gf_/) });
    expect(await ask('/v1/sessions', session({ agentId: 'agent-two' }), { as: secret })).toMatchObject({
      status: 401,
    });
    expect(await ask('/v1/sessions', session(), { as: first.token })).toMatchObject({ status: 200 });
  });

  test('a session is that of its token alone', async () => {
    const { session: id } = await ask('/v1/sessions', session());
    const { secret } = await farm.farm.tokens.add('other');
    const lease = { session: id, slot: 'cpu0', secondsLeft: null, waitSeconds: 0 };
    expect(await ask('/v1/leases', lease, { as: secret })).toMatchObject({ status: 410 });
    expect(await ask('/v1/leases', lease)).toMatchObject({ status: 200, type: 'none' });
  });

  test('a damaged file lets nobody in, and says so', async () => {
    writeFileSync(farm.farm.tokens.path, '[{]');
    expect(await ask('/v1/sessions', session())).toMatchObject({
      status: 500,
      error: expect.stringContaining('tokens.json'),
    });
  });
});

describe('a run that is killed', () => {
  test('before its agent has come for it is nobody’s, and the slot takes another', async () => {
    const { session: id } = await ask('/v1/sessions', session());
    const [slot] = farm.slots.all;
    const handle = startOn(slot!, slotRun(fixtureSpec({ epochs: 3 })));
    const reading = (async () => {
      for await (const _ of handle.events);
      return handle.exit;
    })();
    await sleep(200);
    handle.kill();
    expect(await reading).toMatchObject({ outcome: 'killed' });
    const lease = () => ask('/v1/leases', { session: id, slot: 'cpu0', secondsLeft: null, waitSeconds: 0 });
    expect(await lease()).toMatchObject({ type: 'none' });
    const next = startOn(slot!, slotRun(fixtureSpec({ epochs: 3, seed: 7 })));
    void (async () => {
      for await (const _ of next.events);
    })();
    await sleep(200);
    expect(await lease()).toMatchObject({ type: 'run', run: { cellId: 'cell7' } });
  });

  test('while its agent is silent ends in seconds; what comes of it later is not taken', async () => {
    const { handle, reading, tell, takes, ref, id } = await given();
    await takes();
    const asked = performance.now();
    handle.kill();
    expect(await reading).toMatchObject({ outcome: 'killed' });
    expect(performance.now() - asked).toBeGreaterThan(2500);
    expect(performance.now() - asked).toBeLessThan(15_000);
    expect(await tell(1, [epoch(1)])).toMatchObject({ status: 410, lost: 'run' });
    const end = { session: id, from: 1, exit: { outcome: 'completed', weightsHash: null } };
    expect(await ask(`/v1/runs/${ref}/end`, end)).toMatchObject({ status: 410, lost: 'run' });
  });

  test('by an agent that is in touch may take its time', async () => {
    const { handle, reading, tell, takes } = await given();
    await takes();
    handle.kill();
    let isOver = false;
    void reading.then(() => {
      isOver = true;
    });
    for (let told = 0; told < 8; told++) {
      await sleep(1000);
      await tell(1, []);
    }
    expect(isOver).toBe(false);
  });
});

describe('the engine of a run', () => {
  const wasm = { name: 'wasm', version: '4', device: 'cpu x1 thread', precisions: ['float32'] };
  async function givenEngine(wanted: 'tensorflow' | 'wasm' | null) {
    const how = { sendEvery: { epochs: 1 }, engine: wanted };
    farm.farm.addEntry(null, { backend: 'agents', mostSlots: null, ...how });
    const slots = [
      { name: 'cpu0', device: 'a CPU', memoryMegabytes: null, shares: null, dataRoot: '/there' },
    ];
    const { session: id } = await ask('/v1/sessions', session({ engine: wasm, slots }));
    const spec = { ...fixtureSpec({ epochs: 3 }), trainer: null };
    // The plan names that of this machine.
    const handle = startOn(farm.slots.all[0]!, { ...slotRun(spec), engine: 'tensorflow' });
    void (async () => {
      for await (const _ of handle.events);
    })();
    const { run } = await ask('/v1/leases', {
      ...{ session: id, slot: 'cpu0', secondsLeft: null, waitSeconds: 5 },
    });
    return { run, slot: farm.slots.all[0]! };
  }

  test('is the best that its machine has, whatever this one has', async () => {
    const { run, slot } = await givenEngine(null);
    expect(run.engine).toBeNull();
    expect(slot.engine).toEqual(wasm);
  });

  test.each(['tensorflow', 'wasm'] as const)('is %s where the user says so', async wanted => {
    const { run, slot } = await givenEngine(wanted);
    expect(run.engine).toBe(wanted);
    expect(slot.engine?.name).toBe(wanted === 'wasm' ? 'wasm' : undefined);
  });
});

describe('sessions', () => {
  test('another version is told which is wanted', async () => {
    expect(await ask('/v1/sessions', session({ version: '0.0.1' }))).toMatchObject({
      status: 426,
      error: expect.stringContaining(programVersion),
    });
  });

  test('agents of one name are told apart, and keep their names', async () => {
    const names = async (agentId: string) => (await ask('/v1/sessions', session({ agentId }))).name;
    expect(await names('agent-one')).toBe('box');
    expect(await names('agent-two')).toBe('box-2');
    expect(await names('agent-one')).toBe('box');
    expect(farm.slots.all.map(({ slotId }) => slotId).sort()).toEqual(['box-2/cpu0', 'box/cpu0']);
  });

  test('the end of an entry’s room is said', async () => {
    const every = { sendEvery: { epochs: 1 }, engine: null };
    farm.farm.addEntry(null, { backend: 'agents', mostSlots: 1, ...every });
    await ask('/v1/sessions', session());
    expect(await ask('/v1/sessions', session({ agentId: 'agent-two' }))).toMatchObject({
      status: 403,
      error: expect.stringContaining('at most 1'),
    });
  });

  test.each([
    ['name', '../../etc'],
    ['name', ''],
    ['slots', []],
    ['slots', [{ name: 'a/b', device: '', memoryMegabytes: null, shares: null, dataRoot: null }]],
    ['secondsLeft', -1],
    ['runs', [{ ref: '../x', slot: 'cpu0', cellId: 'a', attempt: 1, epoch: 0, isOver: false }]],
    ['more', 1],
  ])('a wrong %s is refused (%j)', async (key, value) => {
    expect(await ask('/v1/sessions', session({ [key]: value }))).toMatchObject({ status: 400 });
    expect(farm.slots.all).toEqual([]);
  });

  test('what is no JSON, or too long, is refused', async () => {
    expect(await ask('/v1/sessions', 'hello')).toMatchObject({ status: 400 });
    expect(await ask('/v1/sessions', `"${'x'.repeat(9_000_000)}"`)).toMatchObject({ status: 413 });
  });
});

describe('a run', () => {
  test('asked for twice is one lease, with all that its trainer needs', async () => {
    const { first, lease, run, id } = await given();
    expect(first).toMatchObject({ type: 'run', run: { cellId, attempt: 1, anew: false, spec: run.spec } });
    expect((await lease()).run).toEqual(first.run);
    expect(
      await ask('/v1/leases', { session: id, slot: 'cpu1', secondsLeft: null, waitSeconds: 0 }),
    ).toMatchObject({ status: 404 });
  });

  test('events twice, late, out of order change nothing; a gap is told', async () => {
    const { tell, told, handle, reading, ref, id, takes } = await given();
    await takes();
    expect(await tell(1, [])).toMatchObject({ status: 200, next: 1, command: 'go' });
    expect(await tell(2, [epoch(2)])).toMatchObject({ status: 409, next: 1 });
    expect(await tell(1, [epoch(1)])).toMatchObject({ status: 200, next: 2 });
    expect(await tell(1, [epoch(1)])).toMatchObject({ status: 200, next: 2 });
    expect(await tell(1, [epoch(1), epoch(2)])).toMatchObject({ status: 200, next: 3 });
    const end = (from: number) =>
      ask(`/v1/runs/${ref}/end`, { session: id, from, exit: { outcome: 'completed', weightsHash: 'x' } });
    expect(await end(7)).toMatchObject({ status: 409, next: 3 });
    expect(await end(3)).toMatchObject({ isTaken: true });
    expect(await end(3)).toMatchObject({ isTaken: true });
    expect(await reading).toEqual({ outcome: 'completed', weightsHash: 'x' });
    expect(told).toEqual([
      { ...epoch(1), cellId, number: 1 },
      { ...epoch(2), cellId, number: 2 },
    ]);
    handle.kill();
  });

  test('an agent that speaks before anybody follows its run is answered once somebody does', async () => {
    const { tell } = await given();
    expect(await tell(1, [])).toMatchObject({ status: 200, next: 1 });
  });

  test('that isn’t known is refused', async () => {
    const { id } = await given();
    const request = { session: id, from: 1, events: [], passing: [], log: '' };
    expect(await ask('/v1/runs/never-was/events', request)).toMatchObject({ status: 410 });
  });

  test.each([
    { ...epoch(1), more: 1 },
    { ...epoch(1), metrics: { a: 'b' } },
    { ...epoch(1), epoch: -1 },
    { type: 'rm' },
    { type: 'checkpoint', cellId, kind: 'newest', epoch: 1, path: 'a' },
  ])('takes no such event: %j', async event => {
    const { tell, told } = await given();
    expect(await tell(1, [event])).toMatchObject({ status: 400 });
    expect(told).toEqual([]);
  });

  test('that is to end tells its agent at once', async () => {
    const { handle, id, ref, takes } = await given();
    await takes();
    const commands = ask('/v1/commands', { session: id, waitSeconds: 20, known: [{ ref, command: 'go' }] });
    const began = performance.now();
    handle.drain();
    expect(await commands).toMatchObject({ commands: [{ ref, command: 'drain' }] });
    expect(performance.now() - began).toBeLessThan(10_000);
  });
});

describe('files', () => {
  const content = 'weights of an epoch';
  const offer = (name: string, text = content) => ({ name, sha256: sha(text), bytes: text.length });

  async function put(id: string, text: string, offset: number, part: string, hash = sha(text)) {
    return ask(`/v1/blobs/${hash}?session=${id}&offset=${offset}&bytes=${text.length}`, part, {
      method: 'PUT',
    });
  }

  test('come in parts, are published whole, and only what is asked for', async () => {
    const { id, ref, run, takes } = await given();
    await takes();
    const { root } = run.artifacts.folder().cell;
    const name = 'checkpoints/epoch-000001/weights.safetensors';
    const files = [offer(name), offer('checkpoints/last.safetensors')];
    const publish = (list: object[]) => ask(`/v1/runs/${ref}/files`, { session: id, files: list });
    expect(await publish(files)).toMatchObject({ missing: [sha(content)] });
    expect(await put(id, content, 0, content.slice(0, 5))).toMatchObject({ status: 200 });
    expect(await publish(files)).toMatchObject({ missing: [sha(content)] });
    expect(existsSync(join(root, name))).toBe(false);
    // An answer was lost: the same part again is refused, and where to go on is said.
    expect(await put(id, content, 0, content.slice(0, 5))).toMatchObject({ status: 409, offset: 5 });
    expect(await ask(`/v1/blobs/${sha(content)}`)).toMatchObject({ bytes: 5, isWhole: false });
    expect(await put(id, content, 5, content.slice(5))).toMatchObject({ status: 200 });
    expect(await publish(files)).toMatchObject({ status: 200, missing: [] });
    expect(readFileSync(join(root, name), 'utf8')).toBe(content);
    expect(readFileSync(join(root, 'checkpoints/last.safetensors'), 'utf8')).toBe(content);
    // What is the run's already isn't sent again; a checkpoint that the trainer has given up goes here, too.
    const next = 'checkpoints/epoch-000002/weights.safetensors';
    expect(await publish([offer(next)])).toMatchObject({ missing: [] });
    expect(existsSync(join(root, name))).toBe(false);
    expect(readFileSync(join(root, next), 'utf8')).toBe(content);
    expect(readFileSync(join(root, 'checkpoints/last.safetensors'), 'utf8')).toBe(content);
  });

  test('of a run from before the coordinator was started anew are known: what its trainer gives up goes', async () => {
    const run = slotRun(fixtureSpec({ epochs: 3 }));
    const held = { slot: 'cpu0', ref: 'cell0-1-ab', cellId, attempt: 1, epoch: 1, isOver: false };
    const { session: id } = await ask('/v1/sessions', session({ runs: [held] }));
    const [first, next] = [1, 2].map(epoch => `checkpoints/epoch-00000${epoch}/weights.safetensors`);
    await run.artifacts.write(first!, pieces('old'), sha('old'));
    const publish = () => ask('/v1/runs/cell0-1-ab/files', { session: id, files: [offer(next!)] });
    expect(await publish()).toMatchObject({ status: 409 });
    farm.slots.all[0]!.attach('cell0-1-ab', run, 0);
    await put(id, content, 0, content);
    expect(await publish()).toMatchObject({ missing: [] });
    expect((await run.artifacts.list()).map(({ name }) => name)).toEqual([next]);
  });

  test('with another hash or more bytes than were said are thrown away', async () => {
    const { id } = await given();
    expect(await put(id, content, 0, content.toUpperCase())).toMatchObject({ status: 409, offset: 0 });
    expect(await ask(`/v1/blobs/${sha(content)}`)).toMatchObject({ bytes: 0, isWhole: false });
    expect(await put(id, 'four', 0, 'four and more')).toMatchObject({ status: 409 });
    expect(
      await ask(`/v1/blobs/${sha('x')}?session=${id}&offset=0&bytes=99999999999`, 'x', { method: 'PUT' }),
    ).toMatchObject({
      status: 413,
    });
  });

  test.each([
    '../x',
    '/etc/passwd',
    'a/../../b',
    'log.txt',
    'run-spec.json',
    'a\\b',
    '.hidden',
    '',
    'a//b',
    'record.ndjson',
  ])('are never called %j', async name => {
    const { id, ref, run, takes } = await given();
    await takes();
    await put(id, content, 0, content);
    const before = readdirSync(run.artifacts.folder().cell.root, { recursive: true }).sort();
    const answer = await ask(`/v1/runs/${ref}/files`, { session: id, files: [offer(name)] });
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(readdirSync(run.artifacts.folder().cell.root, { recursive: true }).sort()).toEqual(before);
  });
});
