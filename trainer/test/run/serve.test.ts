import { PassThrough } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import type { TrainerEvent, TrainerRequest } from '../../contract/events.js';
import type { RunSpec } from '../../contract/run-spec.js';
import type { Engine } from '../../engine/engine.js';
import { loadWasmEngine } from '../../engine/wasm/engine.js';
import { serve } from '../../run/serve.js';
import { temporaryFolder } from '../temporary-folder.js';
import { inMemoryData } from '../training/in-memory-data.js';
import { runSpec } from '../training/run-spec.js';

let engine: Engine;
beforeAll(async () => {
  engine = await loadWasmEngine({ threads: 1 });
});

/** A trainer in this process; `onEvent` may write requests. */
function trainer(onEvent: (event: TrainerEvent) => void = () => {}) {
  const input = new PassThrough();
  const events: TrainerEvent[] = [];
  let ended = false;
  const done = serve({
    input,
    engine,
    openData: async () => inMemoryData(),
    emit(event) {
      events.push(event);
      onEvent(event);
    },
    onEnd() {
      ended = true;
    },
    onRunEnd() {},
  });
  const send = (request: TrainerRequest) => input.write(`${JSON.stringify(request)}\n`);
  const run = (cellId: string, spec: RunSpec, runDir: string) =>
    send({ type: 'run', cellId, attempt: 1, spec, runDir, cacheDir: '/nowhere' });
  const summary = () =>
    events
      .filter(({ type }) => type === 'completed' || type === 'interrupted' || type === 'failed')
      .map(event => `${'cellId' in event ? event.cellId : ''} ${event.type}`);
  return { input, done, send, run, events, summary, ended: () => ended };
}

describe('a trainer that serves', () => {
  it('runs one cell after the other until it is shut down', async () => {
    const { run, send, done, summary, events } = trainer();
    const spec = runSpec({ train: { epochs: 1 } });
    for (const cellId of ['a', 'b']) run(cellId, spec, temporaryFolder());
    send({ type: 'shutdown' });
    await done;
    expect(summary()).toEqual(['a completed', 'b completed']);
    const cells = events.map(event => ('cellId' in event ? event.cellId : ''));
    expect(cells.indexOf('b')).toBe(cells.lastIndexOf('a') + 1);
  });

  it('goes on after a cell that failed', async () => {
    const { run, send, done, summary } = trainer();
    run('bad', runSpec({ objective: { metric: 'x' } }), temporaryFolder());
    run('good', runSpec({ train: { epochs: 1 } }), temporaryFolder());
    send({ type: 'shutdown' });
    await done;
    expect(summary()).toEqual(['bad failed', 'good completed']);
  });

  it('finishes the running epoch when it is drained, and takes new cells afterwards', async () => {
    const folder = temporaryFolder();
    const spec = runSpec({ train: { epochs: 50 } });
    const first = trainer(event => {
      if (event.type === 'epoch' && event.epoch === 2) first.send({ type: 'drain' });
      if (event.type !== 'interrupted') return;
      first.run('b', runSpec({ train: { epochs: 1 } }), temporaryFolder());
      first.send({ type: 'shutdown' });
    });
    first.run('a', spec, folder);
    await first.done;
    expect(first.summary()).toEqual(['a interrupted', 'b completed']);
    const epochs = first.events.filter(event => event.type === 'epoch' && event.cellId === 'a');
    expect(first.events.find(event => event.type === 'interrupted')).toMatchObject({ epoch: epochs.length });
    expect(epochs.length).toBeLessThan(5);
  });

  it('ignores a line that makes no sense', async () => {
    const { input, send, done, run, summary } = trainer();
    input.write('{"type":\n\n{"type":"walk"}\nnull\n');
    run('a', runSpec({ train: { epochs: 1 } }), temporaryFolder());
    send({ type: 'shutdown' });
    await done;
    expect(summary()).toEqual(['a completed']);
  });

  it('fails a cell whose request is not as it should be, in its turn, and says where', async () => {
    const { input, send, done, run, events, summary } = trainer();
    const spec = runSpec({ train: { epochs: 1 } });
    const request = { type: 'run', attempt: 1, runDir: temporaryFolder(), cacheDir: '/nowhere' };
    const { seed: _, ...seedless } = spec;
    const bad = { ...seedless, train: { ...spec.train, batchSize: '8', ema: { decay: 0.9 } } };
    run('a', spec, temporaryFolder());
    input.write(`${JSON.stringify({ ...request, cellId: 'b', spec: bad })}\n`);
    run('c', spec, temporaryFolder());
    send({ type: 'shutdown' });
    await done;
    expect(summary()).toEqual(['a completed', 'b failed', 'c completed']);
    expect(events.find(({ type }) => type === 'failed')).toEqual({
      type: 'failed',
      cellId: 'b',
      failure: 'badConfiguration',
      message:
        'a request of type run: spec.seed is missing; spec.train.batchSize must be integer, got "8"; ' +
        'spec.train.ema.updateEvery is missing; spec.train.ema.warmup is missing',
    });
  });

  it('says at once that its input has ended, in the middle of a run', async () => {
    const { input, run, ended, events } = trainer(event => {
      if (event.type === 'progress') input.end();
    });
    run('a', runSpec({ train: { epochs: 3 } }), temporaryFolder());
    while (!ended()) await nextTurn();
    expect(events.map(({ type }) => type)).not.toContain('completed');
    while (!events.some(({ type }) => type === 'completed')) await nextTurn();
  });
});
