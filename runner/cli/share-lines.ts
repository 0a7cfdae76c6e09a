import { hostname, userInfo } from 'node:os';
import { isLoopback } from '../http/listen.js';
import type { WebServer } from '../web/server/serve.js';

/** How another machine reaches a page: nothing is opened for it. */
export function shareLines({ address, tokenUrl }: Pick<WebServer, 'address' | 'tokenUrl'>): string[] {
  const { host, port } = address;
  if (!isLoopback(host))
    return [`from other machines: ${tokenUrl.replace(/\/\/(0\.0\.0\.0|\[::\])/, `//${hostname()}`)}`];
  const fragment = tokenUrl.slice(tokenUrl.indexOf('#'));
  const ends = `${port}:${host.includes(':') ? `[${host}]` : host}:${port}`;
  return [
    'there, if it reaches this machine by ssh:',
    `  ssh -N -L ${ends} ${userInfo().username}@${hostname()}`,
    'or here, if this machine reaches that one:',
    `  ssh -N -R ${ends} USER@HOST`,
    `and then, in the browser there: http://localhost:${port}/${fragment}`,
    'a proxy or tunnel with TLS: `grid serve --host ITS.NAME`, and who looks through it needs the token',
  ];
}
