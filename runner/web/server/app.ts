import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { compress } from 'hono/compress';
import { setCookie } from 'hono/cookie';
import { secureHeaders } from 'hono/secure-headers';
import { checkedValue, UnexpectedJsonError } from '../../../trainer/files/checked-json.js';
import { GridfarmError } from '../../domain/error.js';
import { StoreError } from '../../store/store-error.js';
import type { Session } from '../wire.js';
import { BadRequest } from './bad-request.js';
import type { Boards } from './board/boards.js';
import { checkHost, checkReader, checkSender, checkToken, type GuardOptions, hasToken } from './guard.js';
import { cellRoutes } from './routes/cells.js';
import { type Control, controlRoutes } from './routes/control.js';
import { eventRoutes } from './routes/events.js';
import { gridRoutes } from './routes/grids.js';
import { pageRoutes } from './routes/page.js';
import type { WatchedStore } from './watched-store.js';

export interface WebOptions {
  store: WatchedStore;
  boards: Boards;
  control: Control;
  guard: GuardOptions;
  isEncrypted: boolean;
  /** Streams end then. */
  ended: AbortSignal;
}

const cookieSeconds = 400 * 86_400;
const tokenRequest = {
  type: 'object',
  required: ['token'],
  additionalProperties: false,
  properties: { token: { type: 'string', maxLength: 200 } },
};

/** The routes of the page. Whatever comes in passes guard.ts. */
export function webApp({ store, boards, control, guard, isEncrypted, ended }: WebOptions): Hono {
  const app = new Hono();

  app.onError((error, context) => {
    if (error instanceof BadRequest || error instanceof UnexpectedJsonError || error instanceof SyntaxError)
      return context.json({ error: error.message }, 400);
    if (error instanceof StoreError && error.kind === 'usage')
      return context.json({ error: error.message }, 404);
    if (error instanceof GridfarmError) return context.json({ error: error.message }, 409);
    return context.json({ error: `the server failed: ${error.message}` }, 500);
  });
  app.notFound(context => context.json({ error: 'no such thing here' }, 404));

  app.use(checkHost(guard));
  app.use(
    secureHeaders({
      contentSecurityPolicy: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'", 'data:'],
        connectSrc: ["'self'"],
        baseUri: ["'none'"],
        formAction: ["'none'"],
        frameAncestors: ["'none'"],
      },
      xFrameOptions: 'DENY',
      referrerPolicy: 'no-referrer',
      strictTransportSecurity: false,
    }),
  );

  const limited = bodyLimit({ maxSize: 1024, onError: context => context.json({ error: 'too much' }, 413) });
  app.post('/api/session', checkSender, limited, async context => {
    const { token } = checkedValue<{ token: string }>(await context.req.json(), tokenRequest, 'a session');
    if (!guard.token.isToken(token))
      return context.json({ error: 'that is not the token of this server' }, 401);
    setCookie(context, guard.cookie(), guard.token.cookie, {
      httpOnly: true,
      sameSite: 'Strict',
      secure: isEncrypted,
      path: '/',
      maxAge: cookieSeconds,
    });
    return context.json<Session>({ mayControl: true, results: store.paths.root });
  });

  app.get('/api/*', checkReader(guard));
  app.post('/api/*', checkSender, checkToken(guard));
  app.use('/api/*', async (context, next) => {
    await next();
    if (!context.res.headers.has('Cache-Control')) context.header('Cache-Control', 'no-store');
  });
  app.use('/api/grids/*', compress());
  app.use('/api/cells/*', compress());
  app.use('/api/curves', compress());
  app.get('/api/session', context =>
    context.json<Session>({ mayControl: hasToken(context, guard), results: store.paths.root }),
  );
  app.route('/api/grids', gridRoutes(store, boards));
  app.route('/api/events', eventRoutes(store, ended));
  app.route('/api', cellRoutes(store, boards));
  app.route('/api', controlRoutes(control));
  app.all('/api/*', context => context.notFound());
  app.route('/', pageRoutes());
  return app;
}
