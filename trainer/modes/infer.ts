/** Answers one request for predictions or features; see contract/inference.ts. */
import { Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { finished } from 'node:stream/promises';
import { trainerExitCodes } from '../contract/exit-codes.js';
import {
  type Answered,
  type EmbedAnswer,
  type InferenceEvent,
  type InferenceRequest,
  numbersDescriptor,
  type PredictAnswer,
} from '../contract/inference.js';
import { inferenceRequests } from '../contract/request-schemas.js';
import { DataError } from '../data/data-error.js';
import type { Engine } from '../engine/engine.js';
import { checkedByType } from '../files/checked-json.js';
import { embed } from '../inference/embed.js';
import { predict } from '../inference/predict.js';
import { RequestError } from '../inference/request-error.js';
import { type EngineFlags, loadFlaggedEngine } from './engine-flags.js';
import { claimStdout } from './protocol-output.js';

/** A request as JSON on stdin → events on stdout. */
export async function answerInference(flags: EngineFlags): Promise<void> {
  const emit = claimStdout<InferenceEvent>();
  const request = checkedByType<InferenceRequest>(
    await text(process.stdin),
    inferenceRequests,
    'an InferenceRequest',
  );
  const { engine } = await loadFlaggedEngine(flags);
  const onProgress = (done: number, total: number) => emit({ type: 'progress', done, total });
  try {
    const { answer, numbers } = await answerTo(request, engine, onProgress);
    await writeNumbers(numbers);
    emit(answer);
  } catch (error) {
    if (!(error instanceof RequestError || error instanceof DataError)) throw error;
    emit({ type: 'refused', message: error.message });
    process.exitCode = trainerExitCodes.badConfiguration;
  }
}

function answerTo(
  request: InferenceRequest,
  engine: Engine,
  onProgress: (done: number, total: number) => void,
): Promise<Answered<PredictAnswer | EmbedAnswer>> {
  return request.type === 'predict'
    ? predict(engine, request, onProgress)
    : embed(engine, request, onProgress);
}

async function writeNumbers(numbers: Float32Array): Promise<void> {
  const pipe = new Socket({ fd: numbersDescriptor, readable: false, writable: true });
  pipe.end(new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength));
  await finished(pipe);
}
