import { createHash } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Api } from '../../agents/client/api.js';
import type { TransportAnswer, TransportRequest } from '../../agents/client/transport.js';
import { Uploads } from '../../agents/client/uploads.js';
import { bytesOfPart } from '../../agents/limits.js';
import type { FilesRequest, SendEvery } from '../../agents/messages.js';
import { ResultsPaths } from '../../store/run-paths.js';
import { folderArtifacts } from '../../trainer-client/artifacts.js';
import { temporaryFolder } from '../fixtures/farm.js';

/** A coordinator that takes everything, and what the run's files were each time that they were all there. */
function receiver({ onPart = () => {} }: { onPart?(parts: number): void } = {}) {
  const blobs = new Map<string, Buffer>();
  const published: Record<string, string>[] = [];
  const parts: number[] = [];
  let refusals = 0;
  const isWhole = (sha256: string) =>
    createHash('sha256')
      .update(blobs.get(sha256) ?? '')
      .digest('hex') === sha256;
  const answer = (status: number, body: object): TransportAnswer => ({
    status,
    headers: new Headers(),
    body: (async function* () {
      yield Buffer.from(JSON.stringify(body));
    })(),
  });
  async function send({ method, path, body, signal }: TransportRequest): Promise<TransportAnswer> {
    signal?.throwIfAborted();
    const sha256 = /blobs\/([0-9a-f]{64})/.exec(path)?.[1];
    if (sha256 !== undefined && method === 'PUT') {
      const before = blobs.get(sha256) ?? Buffer.alloc(0);
      expect(Number(/offset=(\d+)/.exec(path)?.[1])).toBe(before.length);
      blobs.set(sha256, Buffer.concat([before, Buffer.from(body as Uint8Array)]));
      parts.push((body as Uint8Array).length);
      onPart(parts.length);
      signal?.throwIfAborted();
    }
    if (sha256 !== undefined) {
      return answer(200, { bytes: blobs.get(sha256)?.length ?? 0, isWhole: isWhole(sha256) });
    }
    if (refusals > 0) return answer(400, { error: `refused, ${refusals--} left` });
    const { files } = JSON.parse(body as string) as FilesRequest;
    const missing = files.map(file => file.sha256).filter(hash => !isWhole(hash));
    if (missing.length === 0)
      published.push(Object.fromEntries(files.map(({ name, sha256: hash }) => [name, `${blobs.get(hash)}`])));
    return answer(200, { missing });
  }
  return {
    published,
    parts,
    transport: { name: 'here', send },
    refuse: (times: number) => {
      refusals = times;
    },
  };
}

interface Agent {
  folder?: string;
  coordinator?: ReturnType<typeof receiver>;
  signal?: AbortSignal;
}

function trainer(
  sendEvery: SendEvery,
  {
    folder = temporaryFolder('uploads'),
    coordinator = receiver(),
    signal = new AbortController().signal,
  }: Agent = {},
) {
  const { published, transport, refuse } = coordinator;
  const paths = new ResultsPaths(folder);
  const { root } = paths.cell('cell');
  mkdirSync(root, { recursive: true });
  const uploads = new Uploads({
    api: new Api(transport, 'token', () => {}, signal),
    ref: 'run',
    within: ask => ask('session'),
    sendEvery: () => sendEvery,
    artifacts: folderArtifacts({ cell: paths.cell('cell'), cache: paths.cache, grid: folder }, null),
    given: [],
    root,
    folder: join(folder, 'sending'),
    bytesPerSecond: null,
    say: () => {},
    signal,
  });
  let epoch = 0;
  let best = 0;
  const write = (name: string, content: string) => {
    const path = join(root, 'checkpoints', name);
    rmSync(path, { force: true });
    mkdirSync(join(path, '..'), { recursive: true });
    writeFileSync(path, content);
  };
  return {
    published,
    uploads,
    refuse,
    write,
    /** As a trainer does: its files first, then what it says of them. */
    async epoch(isBest: boolean, { waits = true } = {}) {
      epoch++;
      rmSync(join(root, 'checkpoints', `epoch-${epoch - 2}`), { recursive: true, force: true });
      write(`epoch-${epoch}/state.json`, `state ${epoch}`);
      write('last.safetensors', `weights ${epoch}`);
      if (isBest) {
        best = epoch;
        write('best.safetensors', `weights ${epoch}`);
      }
      await uploads.checkpoint('last');
      if (isBest) await uploads.checkpoint('best');
      if (waits) await uploads.settled();
    },
    whole: () => ({
      'checkpoints/best.safetensors': `weights ${best}`,
      'checkpoints/last.safetensors': `weights ${epoch}`,
      [`checkpoints/epoch-${epoch}/state.json`]: `state ${epoch}`,
      [`checkpoints/epoch-${epoch - 1}/state.json`]: `state ${epoch - 1}`,
    }),
  };
}

test('every epoch’s checkpoint is sent, once', async () => {
  const { epoch, published, whole } = trainer({ epochs: 1 });
  await epoch(true);
  await epoch(false);
  await epoch(true);
  expect(published).toHaveLength(3);
  expect(published.at(-1)).toEqual(whole());
});

test('every third, and the best weights when they are new, which leave alone what is there to go on from', async () => {
  const { epoch, published, whole, uploads } = trainer({ epochs: 3 });
  // The first of all is the best: nothing is there without it.
  await epoch(true);
  expect(published).toHaveLength(1);
  await epoch(false);
  await epoch(false);
  expect(published).toHaveLength(1);
  await epoch(false);
  expect(published).toHaveLength(2);
  const third = whole();
  expect(published[1]).toEqual(third);
  await epoch(true);
  expect(published[2]).toEqual({ ...third, 'checkpoints/best.safetensors': 'weights 5' });
  await epoch(false);
  expect(published).toHaveLength(3);
  // The last of all in any case.
  await uploads.finish();
  expect(published).toHaveLength(4);
  expect(published[3]).toEqual(whole());
});

test('after a time', async () => {
  const seldom = trainer({ seconds: 3600 });
  await seldom.epoch(false);
  await seldom.epoch(false);
  expect(seldom.published).toHaveLength(0);
  await seldom.epoch(true);
  expect(seldom.published).toEqual([seldom.whole()]);
  const often = trainer({ seconds: 0.001 });
  for (let epochs = 1; epochs <= 3; epochs++) {
    await new Promise(resolve => setTimeout(resolve, 5));
    await often.epoch(false);
    expect(often.published).toHaveLength(epochs);
  }
});

test('what was refused goes whole, even if new best weights came after it', async () => {
  const { epoch, published, refuse, uploads } = trainer({ epochs: 2 });
  await epoch(true);
  await epoch(false);
  refuse(1);
  await epoch(false, { waits: false });
  await epoch(true, { waits: false });
  await uploads.settled();
  expect(published.at(-1)).toMatchObject({
    'checkpoints/best.safetensors': 'weights 4',
    'checkpoints/epoch-3/state.json': 'state 3',
  });
});

test('an agent that ends while it sends the parts of a file sends the others when it is there again', async () => {
  const folder = temporaryFolder('uploads');
  const ended = new AbortController();
  const coordinator = receiver({ onPart: count => count === 2 && ended.abort() });
  const content = Buffer.alloc(3.5 * bytesOfPart, 'weights ').toString();
  const one = trainer({ epochs: 1 }, { folder, coordinator, signal: ended.signal });
  one.write('last.safetensors', content);
  await one.uploads.checkpoint('last');
  await expect(one.uploads.settled()).rejects.toThrow();
  expect(coordinator.published).toEqual([]);
  const two = trainer({ epochs: 1 }, { folder, coordinator });
  await two.uploads.finish();
  expect(coordinator.published).toHaveLength(1);
  expect(coordinator.published[0]!['checkpoints/last.safetensors'] === content).toBe(true);
  expect(coordinator.parts).toEqual([bytesOfPart, bytesOfPart, bytesOfPart, bytesOfPart / 2]);
});
