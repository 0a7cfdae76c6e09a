import { createReadStream } from 'node:fs';
import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { machineCondition } from '../../../trainer/contract/machine-conditions.js';
import { checkedValue, UnexpectedJsonError } from '../../../trainer/files/checked-json.js';
import { mostBytesOfBlob, mostBytesOfMessage } from '../limits.js';
import * as schemas from '../message-schemas.js';
import type * as messages from '../messages.js';
import type { VersionPackage } from '../package/version-package.js';
import { BlobPartError, type BlobStore } from './blob-store.js';
import type { Coordinator } from './coordinator.js';
import { RefusedError } from './refused-error.js';
import type { SentData } from './sent-data.js';
import type { Token, TokenFile } from './tokens.js';

export interface AppOptions {
  coordinator: Coordinator;
  tokens: TokenFile;
  blobs: BlobStore;
  data: SentData;
  versionPackage(): Promise<VersionPackage>;
}

type Env = { Variables: { token: Token } };

const hashText = '[0-9a-f]{64}';
const ref = '[A-Za-z0-9_-]{1,120}';

/** The routes of messages.ts: whatever comes in is checked here, and nowhere later. */
export function agentApp({ coordinator, tokens, blobs, data, versionPackage }: AppOptions): Hono<Env> {
  const app = new Hono<Env>();

  app.onError((error, context) => {
    if (error instanceof RefusedError)
      return context.json({ error: error.message, ...error.details }, error.status);
    if (error instanceof UnexpectedJsonError || error instanceof SyntaxError)
      return context.json({ error: error.message }, 400);
    if (error instanceof BlobPartError)
      return context.json({ error: error.message, offset: error.offset }, 409);
    const condition = machineCondition(error);
    if (condition !== undefined)
      return context.json({ error: `the coordinator waits: ${condition}: ${error.message}` }, 507);
    return context.json({ error: `the coordinator failed: ${error.message}` }, 500);
  });
  app.notFound(context => context.json({ error: 'no such thing here' }, 404));

  app.use('/v1/*', async (context, next) => {
    const secret = /^Bearer ([\x21-\x7e]{1,200})$/.exec(context.req.header('authorization') ?? '')?.[1];
    const token = secret === undefined ? undefined : tokens.check(secret);
    if (token === undefined)
      throw new RefusedError(401, 'no valid token: `grid token new` makes one for the agent’s --token-file');
    context.set('token', token);
    await next();
  });
  const ownRun = (context: Context<Env>, ofRef: string) =>
    coordinator.given(ofRef, context.req.query('session') ?? '', context.get('token').id);
  const limited = bodyLimit({
    maxSize: mostBytesOfMessage,
    onError: () => {
      throw new RefusedError(413, `a message has at most ${mostBytesOfMessage} bytes`);
    },
  });

  app.post('/v1/sessions', limited, async context => {
    const request = await read<messages.SessionRequest>(context, schemas.sessionRequest, 'a session');
    let token = context.get('token');
    let own: string | undefined;
    if (token.once) {
      // Whoever enrols with it a second time finds it revoked.
      if ((await tokens.revoke(token.id)) === 0) throw new RefusedError(401, 'this token has been used');
      const made = await tokens.add(request.name, { entry: token.entry });
      own = made.secret;
      token = tokens.check(own)!;
    }
    const answer = await coordinator.begin(request, token);
    return context.json({ ...answer, ...(own !== undefined && { token: own }) });
  });

  app.post('/v1/leases', limited, async context => {
    const request = await read<messages.LeaseRequest>(context, schemas.leaseRequest, 'a lease');
    return context.json(await coordinator.lease(request, context.get('token').id, context.req.raw.signal));
  });

  app.post('/v1/commands', limited, async context => {
    const request = await read<messages.CommandsRequest>(context, schemas.commandsRequest, 'commands');
    return context.json(await coordinator.commands(request, context.get('token').id, context.req.raw.signal));
  });

  app.post(`/v1/runs/:ref{${ref}}/events`, limited, async context => {
    const request = await read<messages.EventsRequest>(context, schemas.eventsRequest, 'events');
    return context.json(await coordinator.events(context.req.param('ref'), request, context.get('token').id));
  });

  app.post(`/v1/runs/:ref{${ref}}/files`, limited, async context => {
    const request = await read<messages.FilesRequest>(context, schemas.filesRequest, 'files');
    return context.json(await coordinator.files(context.req.param('ref'), request, context.get('token').id));
  });

  app.post(`/v1/runs/:ref{${ref}}/end`, limited, async context => {
    const request = await read<messages.EndRequest>(context, schemas.endRequest, 'an end');
    return context.json(await coordinator.end(context.req.param('ref'), request, context.get('token').id));
  });

  app.get(`/v1/runs/:ref{${ref}}/files/:sha256{${hashText}}`, context => {
    const { given, files } = ownRun(context, context.req.param('ref'));
    const name = files.find(file => file.sha256 === context.req.param('sha256'))?.name;
    if (name === undefined) throw new RefusedError(404, 'the run has no such file');
    return context.body(streamOf(given.artifacts.read(name)));
  });

  app.get(`/v1/runs/:ref{${ref}}/init`, context => {
    const { artifacts, spec } = ownRun(context, context.req.param('ref')).given;
    if (spec.init === null) throw new RefusedError(404, 'the run begins with no weights of others');
    return context.body(streamOf(artifacts.weights(spec.init.hash)));
  });

  // HEAD comes here too: hono answers it without the body.
  app.get(`/v1/blobs/:sha256{${hashText}}`, async context => {
    const { bytes, isWhole } = await blobs.offset(context.req.param('sha256'));
    context.header('Upload-Offset', `${bytes}`);
    return context.json({ bytes, isWhole });
  });

  app.put(`/v1/blobs/:sha256{${hashText}}`, async context => {
    coordinator.touch(context.req.query('session') ?? '', context.get('token').id);
    const offset = sizeIn(context.req.query('offset'));
    const bytes = sizeIn(context.req.query('bytes'));
    const { body } = context.req.raw;
    const sha256 = context.req.param('sha256');
    await blobs.append(sha256, offset, bytes, body === null ? nothing() : body);
    return context.json(await blobs.offset(sha256));
  });

  app.get('/v1/package/:name', async context => {
    const file = await (await versionPackage()).file(context.req.param('name'));
    if (file === undefined) throw new RefusedError(404, 'this version has no such package');
    // What broke off goes on from there.
    const start = Number(/^bytes=(\d{1,15})-$/.exec(context.req.header('range') ?? '')?.[1] ?? 0);
    if (start >= file.bytes) throw new RefusedError(404, `the package has ${file.bytes} bytes`);
    context.header('ETag', `"${file.sha256}"`);
    context.header('Content-Length', `${file.bytes - start}`);
    if (start > 0) context.header('Content-Range', `bytes ${start}-${file.bytes - 1}/${file.bytes}`);
    return context.body(streamOf(createReadStream(file.path, { start })), start > 0 ? 206 : 200);
  });

  app.get(`/v1/data/:hash{${hashText}}`, context => {
    const source = data.find(context.req.param('hash'));
    if (source === undefined) throw new RefusedError(404, 'no run here is on such data');
    return context.json(source.manifest);
  });

  app.get(`/v1/data/:hash{${hashText}}/content`, context => {
    const source = data.find(context.req.param('hash'));
    if (source === undefined) throw new RefusedError(404, 'no run here is on such data');
    return context.body(streamOf(source.content(sizeIn(context.req.query('from') ?? '0', source.bytes))));
  });

  return app;
}

async function read<T>(context: Context<Env>, schema: object, what: string): Promise<T> {
  return checkedValue<T>(await context.req.json(), schema, what);
}

async function* nothing(): AsyncGenerator<Uint8Array, void> {}

const streamOf = (content: AsyncIterable<Uint8Array>) =>
  ReadableStream.from(content) as ReadableStream<Uint8Array>;

function sizeIn(text: string | undefined, most = mostBytesOfBlob): number {
  const size = /^\d{1,15}$/.test(text ?? '') ? Number(text) : Number.NaN;
  if (!(size <= most)) throw new RefusedError(413, `a number of bytes is missing, or more than ${most}`);
  return size;
}
