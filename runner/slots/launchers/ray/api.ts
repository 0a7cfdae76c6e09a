import { request as plainRequest } from 'node:http';
import { request as tlsRequest } from 'node:https';
import { anyText, listOf, shape } from '../../../../trainer/contract/shape.js';
import { fittingJson } from '../../../../trainer/files/checked-json.js';
import { oneLine } from '../call.js';
import type { RayEntry } from './entry.js';

/** What the head of a Ray cluster answered. */
export interface RayAnswer {
  /** HTTP status; 0: there was no answer. */
  status: number;
  body: string;
  /** For the user, on one line. */
  words: string;
}

/** A job, as far as it matters here. Drivers that nobody submitted have no id. */
export interface RayJob {
  submission_id?: string | null;
  /** `PENDING`, `RUNNING`, `STOPPED`, `SUCCEEDED`, `FAILED`. */
  status: string;
  message?: string | null;
}

const textOrNull = { type: ['string', 'null'] };
const jobsSchema = listOf(
  shape<RayJob>({ submission_id: textOrNull, status: anyText, message: textOrNull }, [
    'submission_id',
    'message',
  ]),
);

/** Longest that the head is waited for: it waits up to 10 s for its own agent. */
const patienceMs = 30_000;
/** No list of jobs is longer. */
const mostBytes = 1 << 28;

/** Jobs REST API of Ray, 2.9 or newer. It turns the headers of Node's `fetch` down as those of a browser, with 405. */
export class RayApi {
  readonly #base: string;
  readonly #headers: Readonly<Record<string, string>>;

  constructor(
    { address, headers = {} }: Pick<RayEntry, 'address' | 'headers'>,
    environment: NodeJS.ProcessEnv,
  ) {
    this.#base = address.replace(/\/+$/, '');
    const token = environment.RAY_AUTH_TOKEN;
    this.#headers = { ...(token && { Authorization: `Bearer ${token}` }), ...headers };
  }

  /** Never rejects. */
  ask(method: 'GET' | 'POST' | 'DELETE', path: string, content?: object): Promise<RayAnswer> {
    return new Promise(resolve => {
      const none = (error: Error) =>
        resolve({ status: 0, body: '', words: `${this.#base}: ${oneLine(error.message) || error.name}` });
      const body = content === undefined ? undefined : Buffer.from(JSON.stringify(content));
      const headers = {
        ...this.#headers,
        ...(body !== undefined && { 'content-type': 'application/json', 'content-length': body.length }),
      };
      const send = this.#base.startsWith('https:') ? tlsRequest : plainRequest;
      const signal = AbortSignal.timeout(patienceMs);
      const sent = send(`${this.#base}${path}`, { method, headers, signal, agent: false }, response => {
        const chunks: Buffer[] = [];
        let bytes = 0;
        response.on('data', (chunk: Buffer) => {
          bytes += chunk.length;
          if (bytes > mostBytes) response.destroy(new Error('its answer has no end'));
          else chunks.push(chunk);
        });
        response.on('error', none);
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString('utf8');
          const status = response.statusCode!;
          resolve({ status, body: text, words: `${this.#base}: ${status} ${oneLine(text)}`.trim() });
        });
      });
      sent.on('error', error =>
        none(signal.aborted ? new Error(`no answer within ${patienceMs / 1000} s`) : error),
      );
      sent.end(body);
    });
  }

  /** All that the head knows; in place of them, why they can't be told. */
  async jobs(): Promise<RayJob[] | string> {
    const answer = await this.ask('GET', '/api/jobs/');
    if (answer.status !== 200) return answer.words;
    return (
      fittingJson<RayJob[]>(answer.body, jobsSchema) ?? `it answers with no list of jobs: ${answer.words}`
    );
  }
}

/** No answer, or one of a head that has just begun, or of what stands before one that is away: no refusal. */
export const isAway = ({ status, body }: RayAnswer): boolean =>
  [0, 408, 429, 502, 503, 504].includes(status) ||
  (status === 500 &&
    /head node (agent|id)|available agent|ConnectorError|ConnectionError|RpcError|TimeoutError/.test(body));

/** A job of this id was submitted before. */
export const isKnown = ({ status, body }: RayAnswer): boolean => status >= 400 && /already exists/.test(body);
