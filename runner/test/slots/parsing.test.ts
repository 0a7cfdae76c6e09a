import { Readable } from 'node:stream';
import { expect, it } from 'vitest';
import { readLines } from '../../slots/event-lines.js';
import { parseGpus, visibleGpus } from '../../slots/local/gpus.js';
import { parseEvent } from '../../slots/parse-event.js';

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
    { text: '123456', cut: true },
    { text: 'ok', cut: false },
  ]);
});

it.each([
  ['plain words', 'text'],
  ['{"no": "type"}', 'text'],
  ['{broken', 'text'],
  ['[1]', 'text'],
  ['{"type":"epoch","epoch":1,"step":1,"metrics":{"loss":"low"}}', 'malformed'],
  ['{"type":"epoch","epoch":-1,"step":1,"metrics":{}}', 'malformed'],
  ['{"type":"toString"}', 'malformed'],
  ['{"type":"failed","failure":"bad luck","message":""}', 'malformed'],
  ['{"type":"epoch","epoch":1,"step":1,"metrics":{"loss":NaN,"x":-Infinity}}', 'event'],
  ['{"type":"completed","epochs":2}', 'event'],
])('reads %s as %s', (line, kind) => expect(parseEvent(line).kind).toBe(kind));

it('fills in what a trainer of others may leave out', () => {
  const epoch = { epoch: 3, metrics: { validationAccuracy: 0.5 } };
  expect(parseEvent(JSON.stringify({ type: 'epoch', ...epoch }))).toMatchObject({
    event: { ...epoch, step: 3 },
  });
  const started = { type: 'started', resumedFromEpoch: 3, history: [epoch] };
  expect(parseEvent(JSON.stringify(started))).toMatchObject({
    event: { history: [{ ...epoch, step: 3 }], parameters: 0, classes: 0 },
  });
});

const gpus = parseGpus('0, GPU-aa, NVIDIA H100, 80GB\n1, GPU-bb, NVIDIA H100\nNo devices were found\n');

it('reads what nvidia-smi lists', () => {
  expect(gpus).toEqual([
    { index: 0, uuid: 'GPU-aa', name: 'NVIDIA H100, 80GB' },
    { index: 1, uuid: 'GPU-bb', name: 'NVIDIA H100' },
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
