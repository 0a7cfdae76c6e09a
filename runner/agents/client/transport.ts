/** How messages get to the coordinator: over HTTP, or as files of a folder that both see. */
export interface Transport {
  /** For people: a URL, or a folder. */
  readonly name: string;
  /** Rejects if there is no answer in time; `signal` gives it up. */
  send(request: TransportRequest): Promise<TransportAnswer>;
}

export interface TransportRequest {
  method: 'GET' | 'HEAD' | 'POST' | 'PUT';
  /** With its query. */
  path: string;
  headers: Record<string, string>;
  body?: string | Uint8Array<ArrayBuffer>;
  timeoutMs: number;
  signal?: AbortSignal | undefined;
}

export interface TransportAnswer {
  status: number;
  headers: Headers;
  /** Read to its end, or given up. */
  body: AsyncIterable<Uint8Array>;
}

/** `url`: of the coordinator, without a path or with the one under which a proxy has it. */
export function httpTransport(url: string): Transport {
  const base = url.replace(/\/+$/, '');
  return {
    name: base,
    async send({ method, path, headers, body, timeoutMs, signal }) {
      const over = AbortSignal.timeout(timeoutMs);
      const response = await fetch(`${base}${path}`, {
        method,
        headers,
        redirect: 'error',
        signal: signal === undefined ? over : AbortSignal.any([over, signal]),
        ...(body !== undefined && { body }),
      });
      return { status: response.status, headers: response.headers, body: response.body ?? nothing() };
    },
  };
}

async function* nothing(): AsyncGenerator<Uint8Array, void> {}
