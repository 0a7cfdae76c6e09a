import { readFileSync } from 'node:fs';
import { get } from 'node:https';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { execaSync } from 'execa';
import { expect, test } from 'vitest';
import { saw, startGrid, workFolder } from '../fixtures/cli.js';
import { complaintsOf, hasBrowser, openBrowser, suiteName } from './browser-fixtures.js';

const hasOpenssl = execaSync('openssl', ['version'], { reject: false }).exitCode === 0;
const seenMs = 60_000;

/** `grid serve` with a certificate that it has signed itself. */
async function serving() {
  const folder = workFolder();
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'];
  execaSync(
    'openssl',
    [
      ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'],
      ...['-keyout', 'key.pem', '-out', 'certificate.pem', ...subject],
    ],
    { cwd: folder },
  );
  const options = ['--listen', '127.0.0.1:0', '--certificate', 'certificate.pem', '--key', 'key.pem'];
  const server = startGrid(folder, ['serve', ...options]);
  let text = '';
  server.all.on('data', part => {
    text += part;
  });
  await saw(server, 'may steer');
  const [, url, port, token] = /the page: (https:\/\/127\.0\.0\.1:(\d+))\/(#token=\S+)/.exec(text)!;
  const end = async () => {
    server.kill('SIGINT');
    await server;
  };
  return { folder, url: url!, port: Number(port), token: token!, end };
}

/** As someone who knows the certificate. */
const ask = (url: string, ca: Buffer): Promise<{ status: number; cookies: string[] }> =>
  new Promise((resolve, reject) => {
    get(url, { ca }, answer => {
      answer.resume();
      resolve({ status: answer.statusCode!, cookies: answer.headers['set-cookie'] ?? [] });
    }).on('error', reject);
  });

test.skipIf(!hasOpenssl)(
  'the page over TLS: its certificate is shown, and nothing answers in the open (needs openssl)',
  async () => {
    const { folder, url, port, end } = await serving();
    try {
      const ca = readFileSync(join(folder, 'certificate.pem'));
      expect((await ask(`${url}/`, ca)).status).toBe(200);
      expect((await ask(`${url}/api/grids`, ca)).status).toBe(200);
      await expect(ask(`${url}/`, Buffer.from(''))).rejects.toThrow(/self-signed/);
      await expect(fetch(`http://127.0.0.1:${port}/`)).rejects.toThrow();
      const protocol = await new Promise(resolve => {
        const socket = connect({ port, host: '127.0.0.1', ca }, () => {
          resolve(socket.getProtocol());
          socket.end();
        });
      });
      expect(protocol).toBe('TLSv1.3');
    } finally {
      await end();
    }
  },
);

test.skipIf(!hasOpenssl)(
  'a certificate or a key that isn’t one is told of with its file (needs openssl)',
  async () => {
    const folder = workFolder();
    const called = await startGrid(folder, ['serve', '--certificate', 'nowhere.pem', '--key', 'nowhere.pem']);
    expect(called.exitCode).not.toBe(0);
    expect(called.all).toContain('nowhere.pem');
    expect((await startGrid(folder, ['serve', '--key', 'key.pem'])).all).toContain(
      '--certificate and --key belong together',
    );
  },
);

test.skipIf(!hasOpenssl || !hasBrowser)(
  suiteName('a browser that takes the certificate steers with the token, whose cookie only travels over TLS'),
  async () => {
    const { url, token, end } = await serving();
    const browser = await openBrowser();
    try {
      const context = await browser.newContext({ ignoreHTTPSErrors: true });
      const page = await context.newPage();
      const complaints = complaintsOf(page);
      await page.goto(`${url}/${token}`);
      await page.getByText('live', { exact: true }).waitFor({ timeout: seenMs });
      expect(await page.getByText('only to look at').count()).toBe(0);
      const [cookie] = await context.cookies();
      expect(cookie).toMatchObject({ secure: true, httpOnly: true, sameSite: 'Strict' });
      expect(complaints).toEqual([]);
    } finally {
      await browser.close();
      await end();
    }
  },
  120_000,
);
