import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { expect, it } from 'vitest';
import { machineShare } from '../../../trainer/files/machine.js';
import { localBackend } from '../../slots/local/backend.js';
import { parseGpus, visibleGpus } from '../../slots/local/gpus.js';
import { SlotSet } from '../../slots/slot-set.js';
import { readLines } from '../../trainer-client/event-lines.js';
import { EventReader } from '../../trainer-client/event-reader.js';

const linesOf = async (chunks: (string | Buffer)[], limit?: number) => {
  const lines = [];
  for await (const line of readLines(Readable.from(chunks), limit)) lines.push(line);
  return lines;
};

it('joins lines over chunks, in the middle of a character too, and takes CRLF', async () => {
  const umlaut = Buffer.from('ü\n');
  const lines = await linesOf([
    Buffer.from('a'),
    Buffer.from('b\r\nc'),
    umlaut.subarray(0, 1),
    umlaut.subarray(1),
    Buffer.from('end'),
  ]);
  expect(lines.map(({ text }) => text)).toEqual(['ab', 'cü', 'end']);
});

it('cuts lines off at the bound and goes on with the next', async () => {
  expect(await linesOf(['12345', '678\nok\n'], 6)).toEqual([
    { text: '123456', cut: true, end: '\n' },
    { text: 'ok', cut: false, end: '\n' },
  ]);
});

it('ends lines at carriage returns, too, and knows CRLF over chunks', async () => {
  const lines = await linesOf(['10%\r20%\r', '\nlast\r', 'of all']);
  expect(lines.map(({ text, end }) => text + end)).toEqual(['10%\r', '20%\n', 'last\r', 'of all\n']);
});

/** Reads lines as those of one run: the epochs found, what was dropped, and what else there was. */
function read(...lines: string[]) {
  const reader = new EventReader();
  const found = lines.map(line => reader.take(line));
  return {
    events: found.flatMap(({ events }) => events),
    epochs: found.flatMap(({ events }) =>
      events.map(event => (event.type === 'epoch' ? event.epoch : event.type)),
    ),
    dropped: [...found.flatMap(({ dropped }) => dropped), ...reader.end()].map(({ problem }) => problem),
    rest: found.map(({ rest }) => rest).filter(rest => rest !== ''),
  };
}

it.each([
  ['plain words', 'text'],
  ['{"no": "type"}', 'text'],
  ['{"event": "epoch", "metrics": {"loss": 1}}', 'text'],
  ['{broken', 'text'],
  ['[1]', 'text'],
  ['{"type":"epoch","epoch":1,"step":1,"metrics":{"loss":"low"}}', 'malformed'],
  ['{"type":"epoch","epoch":-1,"step":1,"metrics":{}}', 'malformed'],
  ['{"type":"toString"}', 'malformed'],
  ['{"type":"failed","failure":"bad luck","message":""}', 'malformed'],
  ['{"type":"epoch","epoch":1,"metrics":{"loss":1', 'malformed'],
  ["{'type': 'epoch', 'epoch': 1, 'metrics': {'loss': 0.5}}", 'malformed'],
  ['{"type":"epoch","epoch":1,"step":1,"metrics":{"loss":NaN,"x":-Infinity}}', 'event'],
  ['{"type":"completed","epochs":2}', 'event'],
  ['{"type":"completed"}', 'event'],
])('reads %s as %s', (line, kind) => {
  const { events, dropped } = read(line);
  expect([events.length, dropped.length]).toEqual(
    { text: [0, 0], malformed: [0, 1], event: [1, 0] }[kind as 'text'],
  );
});

const epochLine = (epoch: number) => `{"type": "epoch", "epoch": ${epoch}, "metrics": {"loss": 0.5}}`;
const bar = '100%|##########| 2/2 [00:00<00:00, 14.1it/s]';

it.each([
  ['a progress bar in front', `${bar}${epochLine(1)}`],
  ['a progress bar behind', `${epochLine(1)} ${bar}`],
  ['a log prefix with braces', `2026-01-01 INFO [train] {rank 0} "x": ${epochLine(1)}`],
  ['an unclosed brace and quote in front', `set {"a: ${epochLine(1)} }`],
  ['colours', `\u001b[32m${epochLine(1)}\u001b[0m\u001b[K`],
  ['a title of the terminal', `\u001b]0;train\u0007${epochLine(1)}`],
  ['a byte order mark and NULs', `\ufeff\u0000${epochLine(1)}\u0000`],
  ['blanks', `\t  ${epochLine(1)}  `],
  ['what was no UTF-8', `\ufffd\ufffd${epochLine(1)}`],
  ['brackets', `[${epochLine(1)}]`],
  ['an object of another program', `{"level":"info"} ${epochLine(1)} {"type_":1}`],
])('finds an event with %s', (_, line) => {
  expect(read(line)).toMatchObject({ epochs: [1], dropped: [] });
});

it('finds several events on a line, and keeps the words between them', () => {
  expect(read(`a ${epochLine(1)}b${epochLine(2)}${epochLine(3)}`)).toMatchObject({
    epochs: [1, 2, 3],
    rest: ['a b'],
  });
});

it('finds an event over several lines, and one that a progress bar cuts in two', () => {
  const pretty = JSON.stringify(JSON.parse(epochLine(1)), null, 2).split('\n');
  expect(read('config = {', '  "lr": 1', '}', ...pretty, epochLine(2))).toMatchObject({
    epochs: [1, 2],
    dropped: [],
  });
  expect(read('{"type": "epoch", "ep', bar, bar, 'och": 1, "metrics": {}}', epochLine(2)).epochs).toEqual([
    1, 2,
  ]);
  expect(read('{"type": "epoch", "ep', epochLine(2))).toMatchObject({
    epochs: [2],
    dropped: ['is no valid JSON'],
  });
});

it('leaves NaN inside of texts alone, and reads numbers beyond all bounds as null', () => {
  const message = 'loss: NaN, then [inf]';
  expect(
    read(`{"type":"epoch","epoch":1,"metrics":{"a":nan,"b":-inf,"c":1e999},"note":"${message}"}`).events,
  ).toMatchObject([{ metrics: { a: null, b: null, c: null } }]);
  expect(read(`{"type":"warning","message":"${message}","x":NaN}`).events).toMatchObject([{ message }]);
});

it('names the metric that is no number', () => {
  expect(read('{"type":"epoch","epoch":1,"metrics":{"a":1,"loss":"0.5"}}').dropped).toEqual([
    'of type epoch has a missing or wrong metrics (loss is "0.5", which is no number)',
  ]);
});

it('is not slowed down by braces without end', () => {
  const began = performance.now();
  expect(read('{"'.repeat(200_000), epochLine(1)).epochs).toEqual([1]);
  expect(performance.now() - began).toBeLessThan(2000);
});

it('fills in what a trainer of others may leave out', () => {
  const epoch = { epoch: 3, metrics: { validationAccuracy: 0.5 } };
  expect(read(JSON.stringify({ type: 'epoch', ...epoch })).events).toMatchObject([{ ...epoch, step: 3 }]);
  const started = { type: 'started', resumedFromEpoch: 3, history: [epoch] };
  expect(read(JSON.stringify(started)).events).toMatchObject([
    { history: [{ ...epoch, step: 3 }], parameters: 0, classes: 0 },
  ]);
});

const gpus = parseGpus(
  '0, GPU-aa, 81559, NVIDIA H100, 80GB\n1, GPU-bb, [N/A], NVIDIA GB10\nNo devices were found\n',
);

it('reads what nvidia-smi lists', () => {
  expect(gpus).toEqual([
    { index: 0, uuid: 'GPU-aa', name: 'NVIDIA H100, 80GB', memoryMegabytes: 85_520 },
    { index: 1, uuid: 'GPU-bb', name: 'NVIDIA GB10', memoryMegabytes: undefined },
  ]);
});

it.each([
  [undefined, [0, 1]],
  ['1', [1]],
  ['1,0', [1, 0]],
  ['GPU-b', [1]],
  ['0,7,1', [0]],
  ['', []],
  ['-1', []],
])('takes CUDA_VISIBLE_DEVICES=%s as CUDA does', (visible, indices) => {
  expect(visibleGpus(gpus, visible).map(({ index }) => index)).toEqual(indices);
});

it('a slot tells of the memory that is its own: its GPU’s, or its share of it, or the machine’s', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'nvidia-'));
  writeFileSync(join(folder, 'nvidia-smi'), '#!/bin/sh\necho 0, GPU-aa, 81559, NVIDIA H100\n', {
    mode: 0o755,
  });
  const context = { engine: null, environment: { ...process.env, PATH: `${folder}:${process.env.PATH}` } };
  const memory = async (entry: object) => {
    const slots = await localBackend.open(entry, context, new SlotSet());
    return slots.map(slot => slot.memoryMegabytes);
  };
  expect(await memory({ gpus: 'all' })).toEqual([85_520]);
  expect(await memory({ gpus: [0], share: 2 })).toEqual([42_760, 42_760]);
  expect(await memory({ cpus: 1 })).toEqual([Math.floor(machineShare().memory / 1e6)]);
});
