import type {
  Answered,
  EmbedAnswer,
  EmbedRequest,
  PredictAnswer,
  PredictRequest,
} from '../../trainer/contract/inference.js';
import { inferenceAnswers } from '../../trainer/contract/inference-schemas.js';
import type { Ask } from './ask-trainer.js';

interface Answers {
  predict: PredictAnswer;
  embed: EmbedAnswer;
}

/**
 * Asks for predictions or features; `numbers` is the matrix that comes with the answer. `onProgress` is told the number of images
 * done.
 *
 * @throws UsageError where the request can't be met, GridfarmError `trainer` where the trainer fails
 */
export async function runInference<T extends keyof Answers>(
  request: Extract<PredictRequest | EmbedRequest, { type: T }>,
  ask: Ask,
  onProgress: (done: number, total: number) => void,
): Promise<Answered<Answers[T]>> {
  const pieces: Buffer[] = [];
  const answer = await ask<Answers[T]>({
    mode: ['infer'],
    request,
    answer: inferenceAnswers[request.type],
    failure: 'the images can’t be looked at',
    threads: null,
    onEvent(event) {
      if (event.type === 'progress') onProgress(event.done, event.total);
      else pieces.push(Buffer.from(event.base64, 'base64'));
    },
  });
  return { answer, numbers: new Float32Array(new Uint8Array(Buffer.concat(pieces)).buffer) };
}
