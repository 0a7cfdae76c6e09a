import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { execa } from 'execa';
import { inferenceEvents } from '../../trainer/contract/answer-schemas.js';
import {
  type Answered,
  type EmbedAnswer,
  type EmbedRequest,
  type InferenceEvent,
  numbersDescriptor,
  type PredictAnswer,
  type PredictRequest,
} from '../../trainer/contract/inference.js';
import { checkedByType } from '../../trainer/files/checked-json.js';
import { GridfarmError, UsageError } from '../domain/error.js';
import { lastWords } from './ask-trainer.js';
import { readLines } from './event-lines.js';
import { sharedTrainer, type TrainerSettings } from './trainer-command.js';

/** An answer may list a hundred thousand ids. */
const longestAnswer = 1 << 28;

interface Answers {
  predict: PredictAnswer;
  embed: EmbedAnswer;
}

/**
 * Asks a trainer process for predictions or features; `numbers` is the matrix that comes with the answer. `onProgress` is
 * told the number of images done.
 *
 * @throws UsageError where the request can't be met, GridfarmError `trainer` where the trainer fails
 */
export async function runInference<T extends keyof Answers>(
  request: Extract<PredictRequest | EmbedRequest, { type: T }>,
  settings: TrainerSettings,
  onProgress: (done: number, total: number) => void,
): Promise<Answered<Answers[T]>> {
  const { command, environment } = sharedTrainer(settings, ['infer']);
  const [program, ...flags] = command as [string, ...string[]];
  const trainer = execa(program, flags, {
    stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
    input: JSON.stringify(request),
    env: environment,
    reject: false,
    buffer: { stdout: false, [`fd${numbersDescriptor}`]: false },
  });
  const numbers = buffer(trainer.stdio[numbersDescriptor] as Readable);
  let answer: Answers[T] | undefined;
  for await (const { text } of readLines(trainer.stdout, longestAnswer)) {
    const event = readEvent(text);
    if (event.type === 'progress') onProgress(event.done, event.total);
    else if (event.type === 'refused') throw new UsageError(event.message);
    else answer = event as Answers[T];
  }
  const { failed, stderr, exitCode, signal } = await trainer;
  if (failed || answer === undefined)
    throw new GridfarmError(
      'trainer',
      `the trainer ended with ${signal ?? `exit code ${exitCode}`}: ${lastWords(stderr)}`,
    );
  // A copy, since a buffer of a stream may begin anywhere.
  return { answer, numbers: new Float32Array(new Uint8Array(await numbers).buffer) };
}

function readEvent(line: string): InferenceEvent {
  try {
    return checkedByType(line, inferenceEvents, 'the answer');
  } catch (cause) {
    throw new GridfarmError('trainer', `the trainer can’t be understood: ${(cause as Error).message}`, {
      cause,
    });
  }
}
