import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Leaderboard } from '../../leaderboard/row.js';
import { formatFixed } from '../../text/numbers.js';
import { json, saw, startGrid, workFolder, writeGrid } from '../fixtures/cli.js';
import {
  complaintsOf,
  faultsOf,
  hasBrowser,
  openBrowser,
  serveProcess,
  streamsOf,
  suiteName,
} from './browser-fixtures.js';

const seenMs = 60_000;
const axes = {
  'optimizer.learningRate': [0.1, 0.01],
  'train.batchSize': [32, 64],
  seed: [1, 2],
};

describe.skipIf(!hasBrowser)(suiteName('the page in Chromium'), () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(() => browser?.close());

  test('a run is watched to its end in two tabs over one stream, while the server is killed and comes back', async () => {
    const folder = workFolder();
    const file = writeGrid(folder, { epochs: 4, params: { epochMs: 900 }, more: { axes } });
    const running = startGrid(folder, ['run', file]);
    await saw(running, 'started');
    const server = await serveProcess(folder);
    const context = await browser.newContext();
    const streams = streamsOf(context);
    const tabs = [await context.newPage(), await context.newPage()];
    const complaints = tabs.map(complaintsOf);
    for (const tab of tabs) await tab.goto(`${server.url}/grids/grid${server.token}`);
    for (const tab of tabs) {
      await tab.getByRole('status').filter({ hasText: 'live' }).waitFor({ timeout: seenMs });
      await tab.getByText('running since').waitFor({ timeout: seenMs });
    }
    expect(streams.count).toBe(1);
    // The token isn't left in the address.
    expect(tabs[0]!.url()).not.toContain('token');
    await server.end('SIGKILL');
    for (const tab of tabs) await tab.getByText('not connected').waitFor({ timeout: seenMs });
    const again = await serveProcess(folder, server.port);
    for (const tab of tabs) await tab.getByText('live', { exact: true }).waitFor({ timeout: seenMs });
    expect((await running).exitCode).toBe(0);
    for (const tab of tabs) await tab.getByText('8 of 8 completed').waitFor({ timeout: seenMs });
    const { rows } = (await json(folder, 'leaderboard')) as Leaderboard;
    for (const tab of tabs)
      for (const row of rows) {
        const line = tab.getByRole('row').filter({ hasText: row.cells[0]!.slice(0, 8) });
        await expect
          .poll(() => line.textContent(), { timeout: seenMs })
          .toContain(`${formatFixed(row.value)} ± ${formatFixed(row.std)}`);
      }
    expect(complaints.flat()).toEqual([]);
    await again.end('SIGINT');
  });

  describe('of a grid that is done', () => {
    const folder = workFolder();
    let server: Awaited<ReturnType<typeof serveProcess>>;
    let cells: string[];
    beforeAll(async () => {
      await startGrid(folder, ['run', writeGrid(folder, { epochs: 3, more: { axes } })]);
      server = await serveProcess(folder);
      const { rows } = (await json(folder, 'leaderboard')) as Leaderboard;
      cells = rows.flatMap(row => row.cells);
    });
    afterAll(() => server?.end('SIGINT'));

    const open = async (
      path: string,
      options: Parameters<Browser['newPage']>[0] = {},
      token = server.token,
    ) => {
      const page = await browser.newPage(options);
      const complaints = complaintsOf(page);
      await page.goto(`${server.url}${path}${token}`);
      await page.getByRole('heading', { level: 1 }).waitFor({ timeout: seenMs });
      return { page, complaints };
    };

    test('filters, order and comparison by the keyboard alone', async () => {
      const { page, complaints } = await open('/grids/grid');
      const table = page.getByRole('table', { name: 'leaderboard' });
      await expect.poll(() => table.getByRole('row').count(), { timeout: seenMs }).toBe(5);
      const press = async (key: string, times = 1) => {
        for (let time = 0; time < times; time++) await page.keyboard.press(key);
      };
      const tabTo = async (name: RegExp) => {
        for (let step = 0; step < 80; step++) {
          await press('Tab');
          const text = await page.evaluate<string>(
            `(a => (a.getAttribute('aria-label') ?? '') + ' ' + (a.closest('label') ?? a).textContent)(document.activeElement)`,
          );
          if (name.test(text)) return;
        }
        throw new Error(`nothing like ${name} is reached`);
      };
      await tabTo(/^ *learningRate/);
      await press('Enter');
      await tabTo(/^ *0\.01$/);
      await press('Space');
      await expect.poll(() => table.getByRole('row').count(), { timeout: seenMs }).toBe(3);
      expect(page.url()).toContain('is.optimizer.learningRate=0.01');
      await page.getByText('2 of 4 rows').waitFor({ timeout: seenMs });
      // What all rows that match have in common is no column.
      expect(await table.getByRole('columnheader', { name: 'learningRate' }).count()).toBe(0);
      await tabTo(/^ *value/);
      await press('Enter');
      await expect.poll(() => page.url()).toContain('sort=value&desc=1');
      await tabTo(/compare row 1/);
      await press('Space');
      await tabTo(/compare row 2/);
      await press('Space');
      await page.getByRole('button', { name: 'compare 2' }).press('Enter');
      await page.getByRole('heading', { name: '2 cells beside each other' }).waitFor({ timeout: seenMs });
      const settings = page.getByRole('rowheader');
      await expect.poll(() => settings.allTextContents(), { timeout: seenMs }).toContain('train.batchSize');
      expect(await settings.allTextContents()).not.toContain('optimizer.learningRate');
      await page.goBack();
      await page.getByText('2 of 4 rows').waitFor({ timeout: seenMs });
      expect(complaints).toEqual([]);
      await page.close();
    });

    test('on a phone a cell is noted, retried, paused and resumed; without the token there are no buttons', async () => {
      const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
      const { page, complaints } = await open(`/cells/${cells[0]}`, phone);
      // Nothing but what scrolls by itself is wider than the screen.
      expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390);
      const stateIs = async (state: string) =>
        expect
          .poll(() => page.getByRole('heading', { level: 1 }).textContent(), { timeout: seenMs })
          .toContain(state);
      await page.getByPlaceholder('why it was tried').fill('<img src=x onerror=alert(1)>');
      await page.getByRole('button', { name: 'note', exact: true }).tap();
      await page.getByRole('listitem').filter({ hasText: '<img src=x' }).waitFor({ timeout: seenMs });
      await page.getByRole('button', { name: 'pause' }).tap();
      await page.getByText('refused: is completed').waitFor({ timeout: seenMs });
      await page.getByRole('button', { name: 'retry' }).tap();
      await stateIs('queued');
      await page.getByRole('button', { name: 'pause' }).tap();
      await stateIs('paused');
      await page.getByRole('button', { name: 'resume' }).tap();
      await stateIs('queued');
      const { page: other } = await open('/grids/grid', phone, '');
      await other.getByText('only to look at').waitFor({ timeout: seenMs });
      expect(await other.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390);
      expect(await other.getByRole('button', { name: 'pause all' }).count()).toBe(0);
      expect(complaints).toEqual([]);
      await page.close();
      await other.close();
    });

    test.each(['light', 'dark'] as const)('no part of it keeps people out, %s', async colorScheme => {
      const paths = [
        '/',
        '/grids/grid',
        `/cells/${cells[0]}`,
        `/compare?cells=${cells.slice(0, 3).join(',')}`,
      ];
      for (const path of paths) {
        const { page, complaints } = await open(path, { colorScheme });
        await page.waitForTimeout(500);
        expect([path, await faultsOf(page)]).toEqual([path, []]);
        expect([path, complaints]).toEqual([path, []]);
        await page.close();
      }
    });
  });
});
