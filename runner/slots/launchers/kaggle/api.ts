import { setTimeout as sleep } from 'node:timers/promises';
import { integer, shape, text } from '../../../../trainer/contract/shape.js';
import { checkedJson, fittingJson } from '../../../../trainer/files/checked-json.js';
import { oneLine } from '../call.js';
import type { Credentials } from './credentials.js';

/** Kaggle said no, or nothing. Its message is for the user. */
export class KaggleError extends Error {
  override readonly name = 'KaggleError';

  constructor(
    /** Of HTTP; 0: no answer. */
    readonly status: number,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }

  /** Later it may be answered. */
  get isAway(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

const patienceMs = 60_000;
/** One that is asked to wait for longer than this fails. */
const longestWaitMs = 60_000;
const mostTries = 3;

/** Calls of Kaggle's API, as its own program makes them: one method a path, JSON both ways. */
export class KaggleApi {
  constructor(
    readonly credentials: Credentials,
    environment: NodeJS.ProcessEnv,
    private readonly signal?: AbortSignal,
  ) {
    this.#url = (environment.KAGGLE_API_URL || 'https://api.kaggle.com').replace(/\/+$/, '');
  }

  readonly #url: string;
  #user: string | undefined;

  /**
   * @param method `kernels.KernelsApiService/SaveKernel`
   * @param schema of the answer
   * @throws KaggleError
   */
  async call<Answer>(method: string, body: object, schema: object): Promise<Answer> {
    for (let tries = 1; ; tries++) {
      const answer = await this.#post(method, body);
      const waitMs = answer.status === 429 ? secondsOf(answer.retryAfter) * 1000 : Number.POSITIVE_INFINITY;
      if (waitMs > longestWaitMs || tries === mostTries) return read(answer, method, schema);
      await sleep(waitMs, undefined, { signal: this.signal! }).catch(() => {
        throw new KaggleError(0, 'the grid run ends');
      });
    }
  }

  /** Whose the credentials are. @throws KaggleError */
  async user(): Promise<string> {
    const { user, token, origin } = this.credentials;
    this.#user ??= user;
    if (this.#user === undefined) {
      const known = await this.call<Owner>(
        'security.OAuthService/IntrospectToken',
        { token },
        shape<Owner>({ active: { type: 'boolean' }, username: { type: 'string' } }, ['active', 'username']),
      );
      if (!known.active || !known.username)
        throw new KaggleError(401, `${origin}: the token isn't valid (any more)`);
      this.#user = known.username;
    }
    return this.#user;
  }

  async #post(method: string, body: object): Promise<Answer> {
    const ending = AbortSignal.timeout(patienceMs);
    try {
      const answer = await fetch(`${this.#url}/v1/${method}`, {
        method: 'POST',
        headers: { authorization: this.credentials.authorization, 'content-type': 'application/json' },
        body: JSON.stringify(body),
        signal: this.signal === undefined ? ending : AbortSignal.any([ending, this.signal]),
      });
      const retryAfter = answer.headers.get('retry-after');
      return { status: answer.status, retryAfter, text: await answer.text() };
    } catch (cause) {
      const { message, cause: reason } = cause as Error;
      throw new KaggleError(0, `${this.#url}: ${(reason as Error | undefined)?.message || message}`, {
        cause,
      });
    }
  }
}

interface Owner {
  active?: boolean;
  username?: string;
}

interface Answer {
  status: number;
  retryAfter: string | null;
  text: string;
}

function read<Content>({ status, text }: Answer, method: string, schema: object): Content {
  const failure = fittingJson<{ code?: number; message?: string }>(text, failureSchema);
  // Some failures come with status 200.
  const code = Math.max(status, failure?.code ?? 0);
  if (code >= 400)
    throw new KaggleError(
      code,
      `${method}: ${oneLine(failure?.message ?? '') || `status ${code}`} (${code})`,
    );
  try {
    return checkedJson<Content>(text || '{}', schema, method);
  } catch (cause) {
    throw new KaggleError(502, (cause as Error).message, { cause });
  }
}

const failureSchema = shape<{ code?: number; message?: string }>({ code: integer, message: text }, [
  ...(['code', 'message'] as const),
]);

/** Seconds or a date; without it a little. */
function secondsOf(retryAfter: string | null): number {
  if (retryAfter === null) return 5;
  const seconds = Number(retryAfter);
  return Math.max(0, Number.isNaN(seconds) ? (Date.parse(retryAfter) - Date.now()) / 1000 : seconds);
}
