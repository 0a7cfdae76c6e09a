/** Requests to webhooks. Their addresses are secrets: no error says one. */
import { SendError } from '../sender.js';

const longestRetryMs = 3600_000;

export interface Request {
  method?: 'POST' | 'PATCH';
  headers?: Record<string, string>;
  body: string | FormData;
  signal: AbortSignal;
}

/**
 * The answer of a webhook that took it.
 *
 * @throws SendError: it wants patience (429), is gone or refuses for good (401, 403, 404, 410), or can't be reached
 */
export async function send(
  url: string,
  { method = 'POST', headers, body, signal }: Request,
): Promise<unknown> {
  let response: Response;
  try {
    response = await fetch(url, {
      ...{ method, body, signal, redirect: 'error' },
      headers: { ...(typeof body === 'string' && { 'content-type': 'application/json' }), ...headers },
    });
  } catch (error) {
    if (signal.aborted) throw new SendError('no answer in time');
    const { code } = ((error as Error).cause ?? {}) as { code?: string };
    throw new SendError(`can't be reached${code === undefined ? '' : ` (${code})`}`);
  }
  const text = await response.text().catch(() => '');
  if (response.ok) return parsed(text);
  const { status } = response;
  if (status === 429)
    throw new SendError('wants patience', { retryAfterMs: retryAfter(response, parsed(text)) });
  const final = [401, 403, 404, 410].includes(status);
  throw new SendError(`answers ${status}${said(text)}`, { final });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const said = (text: string) => {
  const line = text.replace(/\s+/g, ' ').trim().slice(0, 100);
  return line === '' ? '' : ` (${line})`;
};

/** Seconds, in the header or as Discord says it in the answer. */
function retryAfter(response: Response, answer: unknown): number {
  const told = Number((answer as { retry_after?: unknown } | undefined)?.retry_after);
  const header = Number(response.headers.get('retry-after') ?? Number.NaN);
  const seconds = told > 0 ? told : header > 0 ? header : 1;
  return Math.min(longestRetryMs, Math.ceil(seconds * 1000));
}
