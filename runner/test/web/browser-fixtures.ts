import { existsSync } from 'node:fs';
import axe from 'axe-core';
import { type BrowserContext, chromium, type Page } from 'playwright-core';
import { saw, startGrid } from '../fixtures/cli.js';

/** Debian's, or another that is there. */
const program = [
  process.env.CHROMIUM,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
].find(path => path !== undefined && existsSync(path));
export const hasBrowser = program !== undefined;
export const suiteName = (words: string) =>
  hasBrowser ? words : `${words} (no chromium here: apt-get install chromium)`;

export const openBrowser = () => chromium.launch({ executablePath: program!, args: ['--no-sandbox'] });

/** Faults that keep people out. By `evaluate`, since the page's own policy lets no other script in. */
export async function faultsOf(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const violations = (await page.evaluate('axe.run().then(({ violations }) => violations)')) as {
    id: string;
    impact: string;
    nodes: { html: string }[];
  }[];
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 200)).join(' | ')}`);
}

/** What the page complains of: errors, and what its policy refused. */
export function complaintsOf(page: Page): string[] {
  const found: string[] = [];
  page.on('pageerror', error => found.push(String(error.stack)));
  page.on('console', message => {
    // The server that is killed on purpose.
    if (message.type() === 'error' && !message.text().includes('ERR_')) found.push(message.text());
  });
  return found;
}

/** A `grid serve` of its own process: it can be killed. */
export async function serveProcess(folder: string, port = 0) {
  const serving = startGrid(folder, ['serve', '--listen', `127.0.0.1:${port}`]);
  let text = '';
  serving.all.on('data', part => {
    text += part;
  });
  const address = /the page: (http:\/\/127\.0\.0\.1:(\d+))\/(#token=\S+)/;
  await saw(serving, 'may steer');
  const [, url, found, token] = address.exec(text)!;
  return {
    url: url!,
    port: Number(found),
    token: token!,
    async end(signal: 'SIGKILL' | 'SIGINT') {
      serving.kill(signal);
      await serving;
    },
  };
}

/** How often a context's tabs asked for the stream of changes. */
export function streamsOf(context: BrowserContext): { count: number } {
  const streams = { count: 0 };
  context.on('request', request => {
    if (request.url().includes('/api/events')) streams.count++;
  });
  return streams;
}
