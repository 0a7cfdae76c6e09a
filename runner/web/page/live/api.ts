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
  if (!answer.ok) {
    const { error } = (await answer.json().catch(() => ({}))) as { error?: string };
    throw new AnswerError(answer.status, error ?? `the server answers ${answer.status}`);
  }
  // An answer that ends early, since nobody wants it any more or the server is gone, is none.
  return (await answer.json()) as T;
}

/** As `get`, with the answer's tag: who has it is told that it is still so, and no data. @throws as `get` */
export async function getUnlessKnown<T>(
  path: string,
  tag: string | null,
  signal: AbortSignal,
): Promise<{ data: T | undefined; tag: string | null }> {
  const headers: HeadersInit = tag === null ? {} : { 'if-none-match': tag };
  const answer = await fetch(path, { credentials: 'same-origin', headers, signal });
  if (answer.status === 304) return { data: undefined, tag };
  return { data: await answerOf<T>(answer), tag: answer.headers.get('etag') };
}

/** @throws AnswerError; TypeError where nobody answers */
export const get = async <T>(path: string): Promise<T> =>
  answerOf<T>(await fetch(path, { credentials: 'same-origin' }));

export const post = async <T>(path: string, body: object): Promise<T> =>
  answerOf<T>(
    await fetch(path, {
      method: 'POST',
      credentials: 'same-origin',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }),
  );
