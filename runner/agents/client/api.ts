import { setTimeout as sleep } from 'node:timers/promises';
import { fittingJson } from '../../../trainer/files/checked-json.js';
import { GridfarmError } from '../../domain/error.js';
import { requestSeconds } from '../limits.js';
import type * as messages from '../messages.js';
import type { Transport, TransportAnswer, TransportRequest } from './transport.js';

/** The coordinator's own word: another try says the same. */
export class AnswerError extends GridfarmError {
  override readonly name = 'AnswerError';

  constructor(
    readonly status: number,
    message: string,
    /** Of a 409: the number that is expected. */
    readonly next: number | undefined,
    /** Of a 410. */
    readonly lost: 'session' | 'run' | undefined,
  ) {
    super('environment', message);
  }
}

interface BlobOffset {
  bytes: number;
  isWhole: boolean;
}

const firstPauseMs = 500;
const longestPauseMs = 15_000;
/** Of a message; files come in their own time. */
const mostBytesOfAnswer = 64 * 1024 * 1024;

interface Asking {
  waitSeconds?: number;
  signal?: AbortSignal | undefined;
}

/** The coordinator, as an agent speaks to it. What gets no answer is asked again until it does: nothing that is asked twice does harm. */
export class Api {
  /** In touch with the coordinator, as far as is known. */
  isInTouch = false;
  /** What is being asked. */
  readonly #asked = new Set<AbortController>();

  constructor(
    readonly transport: Transport,
    private token: string,
    private readonly say: (words: string) => void,
    private readonly signal: AbortSignal,
  ) {}

  /** From now on. */
  use(token: string): void {
    this.token = token;
  }

  beginSession = (request: messages.SessionRequest) =>
    this.#post<messages.SessionAnswer>('/v1/sessions', request);

  lease = (request: messages.LeaseRequest, signal: AbortSignal) =>
    this.#post<messages.LeaseAnswer>('/v1/leases', request, { waitSeconds: request.waitSeconds, signal });

  commands = (request: messages.CommandsRequest, signal: AbortSignal) =>
    this.#post<messages.CommandsAnswer>('/v1/commands', request, {
      waitSeconds: request.waitSeconds,
      signal,
    });

  events = (ref: string, request: messages.EventsRequest, signal: AbortSignal) =>
    this.#post<messages.EventsAnswer>(`/v1/runs/${ref}/events`, request, { signal });

  files = (ref: string, request: messages.FilesRequest, signal: AbortSignal) =>
    this.#post<messages.FilesAnswer>(`/v1/runs/${ref}/files`, request, { waitSeconds: 300, signal });

  end = (ref: string, request: messages.EndRequest, signal: AbortSignal) =>
    this.#post<messages.EndAnswer>(`/v1/runs/${ref}/end`, request, { signal });

  /** Bytes of a blob that are there already. */
  async blobOffset(sha256: string, signal: AbortSignal): Promise<BlobOffset> {
    return this.#json(await this.#send({ method: 'GET', path: `/v1/blobs/${sha256}`, signal }));
  }

  /** Sends a part of a blob, once: the caller asks how far it came before it tries again. Returns what is there then. */
  async putPart(
    sha256: string,
    { session, offset, bytes }: { session: string; offset: number; bytes: number },
    part: Uint8Array<ArrayBuffer>,
    signal: AbortSignal,
  ): Promise<BlobOffset> {
    const path = `/v1/blobs/${sha256}?session=${session}&offset=${offset}&bytes=${bytes}`;
    const timeoutMs = 300_000;
    return this.#json(await this.#sendOnce({ method: 'PUT', path, body: part, signal, timeoutMs }));
  }

  /** What the coordinator has under a path; the content may break off. @throws AnswerError */
  async fileAt(path: string, signal: AbortSignal): Promise<AsyncIterable<Uint8Array>> {
    const answer = await this.#send({ method: 'GET', path, signal, timeoutMs: 3_600_000 });
    if (answer.status !== 200) await this.#json(answer);
    return answer.body;
  }

  content(hash: string, from: number): Promise<AsyncIterable<Uint8Array>> {
    return this.fileAt(`/v1/data/${hash}/content?from=${from}`, this.signal);
  }

  /** As a `DataOrigin`. */
  async manifest(hash: string): Promise<unknown> {
    return this.#json(await this.#send({ method: 'GET', path: `/v1/data/${hash}` }));
  }

  async #post<T>(path: string, request: object, { waitSeconds = 0, signal }: Asking = {}): Promise<T> {
    const body = JSON.stringify(request);
    const timeoutMs = (requestSeconds + waitSeconds) * 1000;
    return this.#json(await this.#send({ method: 'POST', path, body, signal, timeoutMs }));
  }

  /** Again and again until there is an answer. */
  async #send(request: Sending): Promise<TransportAnswer> {
    const { signal = this.signal } = request;
    let full = '';
    for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
      const asked = new AbortController();
      this.#asked.add(asked);
      try {
        const answer = await this.#sendOnce(request, asked);
        // Proxies and tunnels whose other end is away; a coordinator that is out of order for now.
        if (answer.status < 500 && answer.status !== 429) {
          this.#isAnswered(asked);
          if (full !== '') this.say(`${this.transport.name} goes on`);
          return answer;
        }
        const words = await wordsOf(answer);
        if (answer.status !== 507) throw new Error(words);
        // It is there, and can't keep what it is told.
        if (full !== words) this.say(`${this.transport.name}: ${words}`);
        full = words;
        this.#isAnswered(asked);
      } catch (error) {
        if (signal.aborted || this.signal.aborted) throw error;
        if (asked.signal.aborted) continue;
        if (this.isInTouch) this.say(`lost touch with ${this.transport.name}: ${reasonOf(error)}`);
        this.isInTouch = false;
      } finally {
        this.#asked.delete(asked);
      }
      await sleep(pauseMs * (0.75 + Math.random() / 2), undefined, {
        signal: AbortSignal.any([signal, this.signal]),
      });
    }
  }

  /** What else was asked before, while touch was lost, would wait for its answer in vain: it is asked again. */
  #isAnswered(asked: AbortController): void {
    if (this.isInTouch) return;
    this.isInTouch = true;
    this.say(`in touch with ${this.transport.name}`);
    for (const other of this.#asked) if (other !== asked) other.abort(new Error('asked again'));
  }

  /** It can't hang: the transport's own limit is not relied on alone. */
  async #sendOnce(
    { method, path, body, signal, timeoutMs = requestSeconds * 1000 }: Sending,
    asked = new AbortController(),
  ) {
    const over = new AbortController();
    const late = sleep(timeoutMs + 5000, undefined, { signal: over.signal }).then(() => {
      throw new Error(`no answer in ${timeoutMs / 1000} s`);
    });
    try {
      return await Promise.race([
        this.transport.send({
          method,
          path,
          headers: {
            authorization: `Bearer ${this.token}`,
            ...(typeof body === 'string' && { 'content-type': 'application/json' }),
          },
          ...(body !== undefined && { body }),
          timeoutMs,
          signal: AbortSignal.any([this.signal, asked.signal, ...(signal === undefined ? [] : [signal])]),
        }),
        late,
      ]);
    } finally {
      over.abort();
      late.catch(() => {});
    }
  }

  /** @throws AnswerError unless it is 200 */
  async #json<T>(answer: TransportAnswer): Promise<T> {
    const text = await textOf(answer);
    if (answer.status === 200) return JSON.parse(text) as T;
    const { error, next, lost } = parsed(text);
    throw new AnswerError(answer.status, error ?? `status ${answer.status}`, next, lost);
  }
}

type Sending = Omit<TransportRequest, 'headers' | 'timeoutMs'> & { timeoutMs?: number };

async function textOf({ body }: TransportAnswer): Promise<string> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of body) {
    bytes += piece.length;
    if (bytes > mostBytesOfAnswer) throw new Error('the answer is too long');
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString();
}

const refusal = {
  type: 'object',
  properties: {
    error: { type: 'string' },
    next: { type: 'integer' },
    lost: { enum: ['session', 'run'] },
  },
};

/** What is no JSON of the coordinator's is a proxy's. */
const parsed = (text: string) =>
  fittingJson<{ error?: string; next?: number; lost?: 'session' | 'run' }>(text, refusal) ?? {};

async function wordsOf(answer: TransportAnswer): Promise<string> {
  const { error } = parsed(await textOf(answer).catch(() => ''));
  return error ?? `status ${answer.status}`;
}

/** `fetch` says nothing of why by itself. */
function reasonOf(error: unknown): string {
  const { message, cause } = error as Error;
  return cause instanceof Error ? cause.message || message : message;
}
