/** The page's server with what it may have done: the verbs of the command line. */
import { UsageError } from '../domain/error.js';
import { serveWeb, type WebServer } from '../web/server/serve.js';
import { controlOf } from './control-of.js';

export interface PageOptions {
  results: string;
  listen?: string | undefined;
  certificate?: string | undefined;
  key?: string | undefined;
  insecure?: boolean | undefined;
  host?: string | undefined;
  grid?: string | undefined;
}

/** @throws GridfarmError with words for the user */
export async function openPage({
  results,
  listen,
  insecure,
  host,
  grid,
  ...tls
}: PageOptions): Promise<WebServer> {
  const { certificate, key } = tls;
  if ((certificate === undefined) !== (key === undefined))
    throw new UsageError('--certificate and --key belong together');
  return serveWeb({
    ...{ results, listen, grid },
    tls: certificate === undefined || key === undefined ? null : { certificate, key },
    insecure: insecure ?? false,
    names: host === undefined ? [] : [host],
    control: controlOf(results),
  });
}
