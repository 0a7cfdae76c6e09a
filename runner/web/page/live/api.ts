/** JSON from the server. Its shapes are the server's own types: page and server are of one build. */

class AnswerError extends Error {
  override readonly name = 'AnswerError';

  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

async function answerOf<T>(answer: Response): Promise<T> {
  const body = (await answer.json().catch(() => ({}))) as T & { error?: string };
  if (!answer.ok) throw new AnswerError(answer.status, body.error ?? `the server answers ${answer.status}`);
  return body;
}

/** @throws AnswerError; TypeError where nobody answers */
export const get = async <T>(path: string, signal?: AbortSignal): Promise<T> =>
  answerOf<T>(await fetch(path, { credentials: 'same-origin', ...(signal !== undefined && { signal }) }));

export const post = async <T>(path: string, body: object): Promise<T> =>
  answerOf<T>(
    await fetch(path, {
      method: 'POST',
      credentials: 'same-origin',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }),
  );
