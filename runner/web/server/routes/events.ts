import { Hono } from 'hono';
import { streamSSE } from 'hono/streaming';
import type { WatchedStore } from '../watched-store.js';

/** Proxies end what rests for a minute. */
const keepAliveMs = 15_000;
/** How long a browser waits before it comes again. */
const retryMs = 1000;
const form = /^\d{1,20}\.\d{1,15}$/;

/**
 * Changes of the store as server-sent events: a browser goes on after the last one it has. What changed is said, not what it is
 * now: that is asked for by whoever shows it.
 */
export function eventRoutes(store: WatchedStore, ended: AbortSignal): Hono {
  const app = new Hono();
  app.get('/', context => {
    const asked = context.req.header('last-event-id') ?? context.req.query('after') ?? '';
    context.header('Cache-Control', 'no-store');
    context.header('X-Accel-Buffering', 'no');
    return streamSSE(context, async stream => {
      let position = form.test(asked) ? asked : store.position;
      let wake = () => {};
      const forget = store.onChange(() => wake());
      ended.addEventListener('abort', () => wake());
      stream.onAbort(() => wake());
      try {
        // Also the position alone: a stream that is cut off before its first change goes on from there.
        await stream.writeSSE({ event: 'position', id: position, data: '{}', retry: retryMs });
        while (!stream.aborted && !ended.aborted) {
          const changes = store.since(position);
          if (changes !== null) {
            position = changes.position;
            await stream.writeSSE({ event: 'changes', id: position, data: JSON.stringify(changes.told) });
            continue;
          }
          const hasChange = await new Promise<boolean>(resolve => {
            const timer = setTimeout(() => resolve(false), keepAliveMs);
            wake = () => {
              clearTimeout(timer);
              resolve(true);
            };
          });
          if (!hasChange && !stream.aborted) await stream.write(': here\n\n');
        }
      } finally {
        forget();
      }
    });
  });
  return app;
}
