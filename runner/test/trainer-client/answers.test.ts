/** What a trainer answers is checked where it enters; whatever it is, an error says what was expected where. */
import { expect, test, vi } from 'vitest';
import { dataInspection } from '../../../trainer/contract/answer-schemas.js';
import type { DataInspection } from '../../../trainer/contract/events.js';
import type { PredictRequest } from '../../../trainer/contract/inference.js';
import { inferenceAnswers } from '../../../trainer/contract/inference-schemas.js';
import { checkedValue } from '../../../trainer/files/checked-json.js';
import { type Ask, askTrainer } from '../../trainer-client/ask-trainer.js';
import { parseEvent } from '../../trainer-client/parse-event.js';
import { probeEngine } from '../../trainer-client/probe-engine.js';
import { runInference } from '../../trainer-client/run-inference.js';

let said = '';
vi.mock('../../trainer-client/trainer-command.js', () => ({
  sharedTrainer: () => ({
    command: [process.execPath, '-e', 'process.stdout.write(process.env.SAID)'],
    environment: { ...process.env, SAID: said },
  }),
}));

const settings = { engine: null, threads: null, environment: process.env };
const ask: Ask = question => askTrainer(question, settings);
const text = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));

const inspection: DataInspection = {
  ...{ fingerprint: 'f', images: 3, validationImages: 1, imageSize: 28, problems: [] },
  classes: [{ name: '0', count: 3 }],
  imageSizes: [{ height: 28, width: 28, count: 3 }],
};
const { problems: _, ...noProblems } = inspection;

test.each([
  ['', ': there is none'],
  [text(inspection).slice(0, -20), ': it must be JSON: '],
  ['null', ': it must be object, got null'],
  ['[]', ': it must be object, got []'],
  [noProblems, ': problems is missing'],
  [{ ...inspection, images: '3' }, ': images must be integer, got "3"'],
  [{ ...inspection, classes: [{ name: 0, count: 3 }] }, ': classes.0.name must be string, got 0'],
  [
    { ...inspection, problems: [{ severity: 'worse' }] },
    'severity must be one of error, warning, got "worse"',
  ],
])('an answer to a question that is none: %j', async (answer, words) => {
  said = text(answer);
  const question = {
    mode: ['inspect'],
    request: {},
    answer: dataInspection,
    failure: 'it can’t be inspected',
  };
  const asked = askTrainer(question, settings);
  await expect(asked).rejects.toMatchObject({ kind: 'trainer' });
  await expect(asked).rejects.toThrow(`it can’t be inspected: the trainer's answer`);
  await expect(asked).rejects.toThrow(words);
});

test('an answer may say more than is known here', async () => {
  said = text({ ...inspection, later: 1 });
  const question = { mode: ['inspect'], request: {}, answer: dataInspection, failure: '' };
  expect(await askTrainer(question, settings)).toMatchObject(inspection);
});

const predicted = {
  ...{ type: 'predicted', ids: ['a'], classes: ['0', '1'], template: null, unusable: [], unnamed: 0 },
  ...{ unnamedIds: [], weights: [1], fitted: null, engine: { name: 'wasm', version: '1', device: 'cpu' } },
};
const request = { type: 'predict' } as PredictRequest;
const { ids: __, ...noIds } = predicted;

test.each([
  [text(predicted).slice(0, 40), ': it must be JSON: '],
  ['null', ': it must be object, got null'],
  [{ type: 'guessed' }, ': ids is missing; classes is missing'],
  [{ type: 'progress', done: 1 }, ': total is missing'],
  [noIds, ': ids is missing'],
  [{ ...predicted, ids: 'a' }, 'ids must be array, got "a"'],
  [{ ...predicted, fitted: { loss: 1 } }, 'fitted.equalLoss is missing; fitted.images is missing'],
])('an answer of inference that is none: %j', async (answer, words) => {
  said = `{"type":"progress","done":1,"total":2}\n${text(answer)}\n`;
  const asked = runInference(request, ask, () => {});
  await expect(asked).rejects.toMatchObject({ kind: 'trainer' });
  await expect(asked).rejects.toThrow(words);
});

test('the matrix of an answer comes in pieces before it, on the same stream', async () => {
  const values = Float32Array.from({ length: 1000 }, (_, index) => index / 7);
  const bytes = Buffer.from(values.buffer);
  const piece = (from: number, to?: number) =>
    text({ type: 'numbers', base64: bytes.subarray(from, to).toString('base64') });
  said = [
    piece(0, 3),
    piece(3, 2000),
    '{"type":"progress","done":2,"total":2}',
    piece(2000),
    text(predicted),
  ].join('\n');
  const seen: number[] = [];
  const { answer, numbers } = await runInference(request, ask, done => seen.push(done));
  expect(answer).toEqual(predicted);
  expect(numbers).toEqual(values);
  expect(seen).toEqual([2]);
});

test('a question may be refused in words for its user', async () => {
  said = `${text({ type: 'refused', message: 'no image in x.zip' })}\n`;
  const asked = runInference(request, ask, () => {});
  await expect(asked).rejects.toMatchObject({ kind: 'usage', message: 'no image in x.zip' });
});

test('an answer of inference may say more, and what isn’t finite is null', async () => {
  const answer = { ...predicted, later: 1, fitted: { loss: null, equalLoss: 1, images: 4 } };
  said = `${text(answer)}\n`;
  expect((await runInference(request, ask, () => {})).answer).toEqual(answer);
  expect(checkedValue(answer, inferenceAnswers.predict, '')).toEqual(answer);
});

test.each([
  [{}, 'name is missing; version is missing; device is missing'],
  [{ name: 'wasm', version: 4, device: 'cpu' }, 'version must be string, got 4'],
])('an engine that doesn’t say what it is: %j', async (engine, words) => {
  said = `${text({ type: 'ready', pid: 1, engine, trainerVersion: '1', precisions: ['float32'] })}\n`;
  await expect(probeEngine(settings)).rejects.toThrow(
    `no engine: what the trainer says of its engine: ${words}`,
  );
});

test.each([
  [{}, false],
  [{ dataFingerprint: 'f', trainerVersion: '1' }, false],
  [{ dataFingerprint: 'f', trainerVersion: '1', engine: {} }, false],
  [{ dataFingerprint: 'f', trainerVersion: '1', engine: predicted.engine, sources: 7 }, false],
  [{ dataFingerprint: 'f', trainerVersion: '1', engine: predicted.engine, later: 7 }, true],
])('what a run rests on, told by its trainer: %j', (told, isRight) => {
  const event = { type: 'started', provenance: told, resumedFromEpoch: 0, history: [] };
  expect(parseEvent(event)).toMatchObject(
    isRight
      ? { kind: 'event' }
      : { kind: 'malformed', problem: 'of type started has a missing or wrong provenance' },
  );
});
