/** Answers one request for predictions or features; see contract/inference.ts. */
import { text } from 'node:stream/consumers';
import { trainerExitCodes } from '../contract/exit-codes.js';
import type {
  Answered,
  EmbedAnswer,
  InferenceEvent,
  InferenceRequest,
  PredictAnswer,
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
  const emit = claimStdout<InferenceEvent | PredictAnswer | EmbedAnswer>();
  const request = checkedByType<InferenceRequest>(
    await text(process.stdin),
    inferenceRequests,
    'an InferenceRequest',
  );
  const { engine } = await loadFlaggedEngine(flags);
  const onProgress = (done: number, total: number) => emit({ type: 'progress', done, total });
  try {
    const { answer, numbers } = await answerTo(request, engine, onProgress);
    for (const base64 of piecesOf(numbers)) emit({ type: 'numbers', base64 });
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

/** Of a length that leaves each line short, and each but the last without padding. */
const pieceBytes = 3 << 18;

function* piecesOf({ buffer, byteOffset, byteLength }: Float32Array): Generator<string> {
  for (let at = 0; at < byteLength; at += pieceBytes)
    yield Buffer.from(buffer, byteOffset + at, Math.min(pieceBytes, byteLength - at)).toString('base64');
}
