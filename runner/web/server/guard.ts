/** Who may do what: every request comes through here. */
import { isIP } from 'node:net';
import { hostname } from 'node:os';
import { getConnInfo } from '@hono/node-server/conninfo';
import type { Context, MiddlewareHandler } from 'hono';
import { getCookie } from 'hono/cookie';
import { isLoopback } from '../../http/listen.js';
import type { WebToken } from './token.js';

export interface GuardOptions {
  token: WebToken;
  /** Name of the cookie: browsers keep one jar for all ports of a host. */
  cookie: () => string;
  /** Host that the server listens on. */
  listens: string;
  /** Names that it is reached by beside those of this machine. */
  names: readonly string[];
}

const bare = (host: string) => host.replace(/^\[(.*)\]$/, '$1').toLowerCase();

/** `box.example:7464` → `box.example`, `[::1]:7464` → `::1`; undefined: no host and port. */
function hostOf(header: string | undefined): string | undefined {
  const [, host] = /^(\[[0-9a-f:.]+\]|[^:/@[\]\s]+)(?::\d{1,5})?$/i.exec(header ?? '') ?? [];
  return host === undefined ? undefined : bare(host);
}

/**
 * A page of others that has its name point here (DNS rebinding) still asks by its name: names are known ones. An address is no
 * name that others could have.
 */
function isKnownHost(host: string | undefined, { listens, names }: Pick<GuardOptions, 'listens' | 'names'>) {
  if (host === undefined) return false;
  if (isIP(host) !== 0 || isLoopback(host)) return true;
  return [bare(listens), hostname().toLowerCase(), ...names.map(bare)].includes(host);
}

/** Whether a request comes from this machine and for it, and by no proxy that says so of itself. */
function isFromHere(context: Context, host: string): boolean {
  const peer = getConnInfo(context).remote.address?.replace(/^::ffff:/, '') ?? '';
  const isForwarded = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip', 'via'].some(
    header => context.req.header(header) !== undefined,
  );
  const isLocalPeer = isLoopback(peer) || peer.startsWith('127.');
  return isLocalPeer && (isLoopback(host) || host.startsWith('127.')) && !isForwarded;
}

export const hasToken = (context: Context, { token, cookie }: GuardOptions): boolean => {
  const bearer = /^Bearer ([\x21-\x7e]{1,200})$/.exec(context.req.header('authorization') ?? '')?.[1];
  if (bearer !== undefined) return token.isToken(bearer);
  const kept = getCookie(context, cookie());
  return kept !== undefined && token.isCookie(kept);
};

/** Of a page of another origin; a browser says so, and other programs send neither. */
function isOfOthers(context: Context): boolean {
  const site = context.req.header('sec-fetch-site');
  const origin = context.req.header('origin');
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return true;
  if (origin === undefined) return false;
  return !/^https?:\/\//.test(origin) || origin.replace(/^https?:\/\//, '') !== context.req.header('host');
}

const needsToken = 'the token is needed: `grid serve` prints an address with it';

const refuse = (context: Context, status: 401 | 403 | 415 | 421, error: string) =>
  context.json({ error }, status);

/** Every request: only by a name that is known. */
export const checkHost =
  (options: GuardOptions): MiddlewareHandler =>
  async (context, next) => {
    const host = hostOf(context.req.header('host'));
    if (!isKnownHost(host, options))
      return refuse(context, 421, 'this server is not known by that name; `grid serve --host NAME` adds one');
    return next();
  };

/** What is read: from this machine by anyone, from elsewhere with the token. */
export const checkReader =
  (options: GuardOptions): MiddlewareHandler =>
  async (context, next) => {
    const host = hostOf(context.req.header('host')) ?? '';
    if (!isFromHere(context, host) && !hasToken(context, options)) return refuse(context, 401, needsToken);
    if (isOfOthers(context)) return refuse(context, 403, 'not for pages of others');
    return next();
  };

/** What changes something: asked by the page itself or by a program, as JSON, which no form of another page can send. */
export const checkSender: MiddlewareHandler = async (context, next) => {
  if (isOfOthers(context)) return refuse(context, 403, 'not for pages of others');
  if (!/^application\/json(?:;|$)/i.test(context.req.header('content-type') ?? ''))
    return refuse(context, 415, 'JSON is expected: content-type: application/json');
  return next();
};

/** After `checkSender`: with the token. */
export const checkToken =
  (options: GuardOptions): MiddlewareHandler =>
  async (context, next) =>
    hasToken(context, options) ? next() : refuse(context, 401, needsToken);
