import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { shareLines } from '../../cli/share-lines.js';
import { openStore } from '../../store/open-store.js';
import { cells, grid, resultsFolder } from '../store/fixtures.js';
import { ask, change, end, serve, tokenOf, write } from './fixtures.js';

async function served(options = {}) {
  const results = resultsFolder();
  await write(results, store => store.registerGrid(grid, cells(3)));
  return { results, server: await serve(results, options) };
}

const first = cells(1)[0]!.cellId;
const asJson = { 'content-type': 'application/json' };

test.each([
  ['evil.example', 421],
  ['evil.example:80', 421],
  ['localhost.evil.example', 421],
  ['127.0.0.1.evil.example', 421],
  ['localhost', 200],
  ['LOCALHOST:7464', 200],
  ['127.0.0.1:9000', 200],
  ['[::1]:7464', 200],
])('asked by the name %j: %i', async (host, status) => {
  const { server } = await served();
  for (const path of ['/api/grids', '/api/session'])
    expect([path, (await ask(server, path, { host })).status]).toEqual([path, status]);
  const page = await ask(server, '/', { host });
  expect(page.status === 421).toBe(status === 421);
});

test('a name that was given is known, and needs the token', async () => {
  const { server } = await served({ names: ['box.example'] });
  const host = { host: 'box.example' };
  expect((await ask(server, '/api/grids', host)).status).toBe(401);
  const authorization = `Bearer ${tokenOf(server)}`;
  expect((await ask(server, '/api/grids', { ...host, authorization })).status).toBe(200);
});

test.each(['x-forwarded-for', 'forwarded', 'via', 'x-real-ip'])(
  'what a proxy passes on (%s) is not of this machine',
  async header => {
    const { server } = await served();
    expect((await ask(server, '/api/grids', { [header]: '203.0.113.9' })).status).toBe(401);
  },
);

test('another address needs the token for all that tells of results, and nothing for the page', async () => {
  const { server } = await served();
  const host = { host: '192.0.2.7:7464' };
  for (const path of ['/api/grids', '/api/session', '/api/events', `/api/cells/${first}/log`, '/api/none'])
    expect([path, (await ask(server, path, host)).status]).toEqual([path, 401]);
  expect((await ask(server, '/', host)).status).not.toBe(401);
  const wrong = { ...host, authorization: `Bearer ${tokenOf(server).slice(0, -1)}x` };
  expect((await ask(server, '/api/grids', wrong)).status).toBe(401);
});

test('what changes something: by the page itself, as JSON, with the token', async () => {
  const { results, server } = await served();
  const token = { authorization: `Bearer ${tokenOf(server)}` };
  const path = `/api/cells/${first}/pause`;
  const status = async (headers: Record<string, string>, body = '{}') =>
    (await ask(server, path, headers, body)).status;
  expect(await status(asJson)).toBe(401);
  expect(await status({ ...asJson, authorization: 'Bearer gw_no' })).toBe(401);
  expect(await status({ ...asJson, cookie: `gridfarm-${server.address.port}=${tokenOf(server)}` })).toBe(401);
  expect(await status({ ...token })).toBe(415);
  expect(await status({ ...token, 'content-type': 'text/plain' })).toBe(415);
  expect(await status({ ...token, 'content-type': 'application/x-www-form-urlencoded' })).toBe(415);
  expect(await status({ ...token, ...asJson, 'sec-fetch-site': 'cross-site' })).toBe(403);
  expect(await status({ ...token, ...asJson, 'sec-fetch-site': 'same-site' })).toBe(403);
  expect(await status({ ...token, ...asJson, origin: 'http://evil.example' })).toBe(403);
  expect(await status({ ...token, ...asJson, origin: 'null' })).toBe(403);
  expect(await status({ ...token, ...asJson }, '{"value":1}')).toBe(400);
  expect(await status({ ...token, ...asJson }, '{')).toBe(400);
  const reader = await openStore(results, { readOnly: true });
  expect(reader.findCell(first).state).toBe('queued');
  reader.close();
  expect(await status({ ...token, ...asJson, 'sec-fetch-site': 'same-origin' })).toBe(200);
});

test('the token buys a cookie that no other page sends and no script reads; it lasts from one server to the next', async () => {
  const { results, server } = await served();
  expect((await ask(server, '/api/session', asJson, '{"token":"gw_wrong"}')).status).toBe(401);
  const body = JSON.stringify({ token: tokenOf(server) });
  expect((await ask(server, '/api/session', { ...asJson, origin: 'http://evil.example' }, body)).status).toBe(
    403,
  );
  const answer = await ask(server, '/api/session', asJson, body);
  const [cookie] = answer.headers['set-cookie'] as string[];
  expect(cookie).toMatch(/HttpOnly/);
  expect(cookie).toMatch(/SameSite=Strict/);
  expect(cookie).not.toContain(tokenOf(server));
  const kept = cookie!.split(';')[0]!;
  const session = async (to: typeof server) =>
    JSON.parse((await ask(to, '/api/session', { cookie: kept })).text);
  expect(await session(server)).toMatchObject({ mayControl: true });
  const { port } = server.address;
  await end(server);
  const again = await serve(results, { listen: `127.0.0.1:${port}` });
  expect(tokenOf(again)).toBe(tokenOf(server));
  expect(await session(again)).toMatchObject({ mayControl: true });
  const file = join(results, 'web', 'token');
  expect(readFileSync(file, 'utf8').trim()).toBe(tokenOf(server));
  expect(statSync(file).mode & 0o077).toBe(0);
});

test('no script and no frame but its own', async () => {
  const { server } = await served();
  for (const path of ['/', '/api/grids', '/nothing/here']) {
    const { headers } = await ask(server, path);
    const policy = String(headers['content-security-policy']);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self';");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain('unsafe');
    expect(headers['x-content-type-options']).toBe('nosniff');
  }
});

test('an address that others reach is refused without TLS', async () => {
  const results = resultsFolder();
  await expect(serve(results, { listen: '0.0.0.0:0' })).rejects.toThrow(
    /without TLS the token and the results/,
  );
  await expect(serve(results, { listen: 'nonsense' })).rejects.toThrow(
    /--listen: nonsense: expected HOST:PORT/,
  );
  const open = await serve(results, { listen: '0.0.0.0:0', insecure: true });
  expect(
    (
      await change(
        { ...open, address: { host: '127.0.0.1', port: open.address.port } },
        '/api/grids/x/pause',
        {},
      )
    ).status,
  ).toBe(404);
});

test('--share opens nothing: it says what to call', () => {
  const share = (host: string) =>
    shareLines({ address: { host, port: 7464 }, tokenUrl: `http://${host}:7464/#token=gw_x` }).join('\n');
  expect(share('127.0.0.1')).toMatch(/ssh -N -L 7464:127\.0\.0\.1:7464 \S+@\S+/);
  expect(share('127.0.0.1')).toContain('http://localhost:7464/#token=gw_x');
  expect(share('::1')).toContain('-L 7464:[::1]:7464');
  expect(share('0.0.0.0')).not.toContain('ssh');
});
