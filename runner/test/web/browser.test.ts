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

  test('rows that were trained unequally long are no single ranking', async () => {
    const folder = workFolder();
    const more = { axes: { 'train.epochs': [2, 4], 'train.batchSize': [32, 64], seed: [1, 2] } };
    await startGrid(folder, ['run', writeGrid(folder, { more })]);
    const server = await serveProcess(folder);
    const page = await browser.newPage();
    await page.goto(`${server.url}/grids/grid`);
    const rows = page.getByRole('table', { name: 'leaderboard' }).locator('tbody tr');
    await expect.poll(() => rows.count(), { timeout: seenMs }).toBe(4);
    const texts = await rows.allTextContents();
    expect(texts.map(text => /[24] epochs/.exec(text)?.[0])).toEqual([
      '4 epochs',
      '4 epochs',
      '2 epochs',
      '2 epochs',
    ]);
    const classes = await page.evaluate<boolean[]>(
      `[...document.querySelectorAll('.rows .row')].map(row => row.matches('.is-first'))`,
    );
    expect(classes).toEqual([false, false, true, false]);
    await page.getByText('ranks are among rows that were trained for as long').waitFor();
    await page.close();
    await server.end('SIGINT');
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

    test('nine tabs have one stream, and each is told of a change', async () => {
      const context = await browser.newContext();
      const streams = streamsOf(context);
      const tabs = [];
      for (let tab = 0; tab < 9; tab++) {
        const page = await context.newPage();
        await page.goto(`${server.url}/cells/${cells[1]}${server.token}`);
        await page.getByText('live', { exact: true }).waitFor({ timeout: seenMs });
        tabs.push(page);
      }
      expect(streams.count).toBe(1);
      await startGrid(folder, ['note', cells[1]!, 'for all of you']);
      for (const tab of tabs)
        await tab.getByRole('listitem').filter({ hasText: 'for all of you' }).waitFor({ timeout: seenMs });
      // Whoever reads the stream goes: another takes it over.
      await tabs.shift()!.close();
      await startGrid(folder, ['note', cells[1]!, 'and again']);
      for (const tab of tabs)
        await tab.getByRole('listitem').filter({ hasText: 'and again' }).waitFor({ timeout: seenMs });
      expect(streams.count).toBe(2);
      await context.close();
    });

    test('labels of the parallel coordinates are chosen, several of an axis, and curves are smoothed', async () => {
      const { page, complaints } = await open('/grids/grid');
      await page.getByRole('button', { name: 'show', exact: true }).click();
      const label = (name: string) => page.locator('.parallel').getByRole('button', { name, exact: true });
      await label('0.01').click();
      await page.getByText('2 of 4 rows').waitFor({ timeout: seenMs });
      expect(await label('0.01').getAttribute('aria-pressed')).toBe('true');
      await label('0.1').press('Enter');
      await page.getByText('4 rows', { exact: true }).waitFor({ timeout: seenMs });
      expect(page.url()).toContain('is.optimizer.learningRate=0.01&is.optimizer.learningRate=0.1');
      await page.goto(`${server.url}/cells/${cells[0]}`);
      const lines = page.locator('.chart').first().locator('.u-series');
      await lines.first().waitFor({ timeout: seenMs });
      const before = await lines.count();
      await page.getByRole('slider', { name: 'smoothing' }).fill('0.6');
      await expect.poll(() => lines.count(), { timeout: seenMs }).toBeGreaterThan(before);
      // What the smoothed lines are made of, and the edges of bands, have no place in the legend.
      expect(await page.locator('.u-legend').getByText('Value').filter({ visible: true }).count()).toBe(0);
      expect(complaints).toEqual([]);
      await page.close();
    });

    test('an answer that ends early is none, and is asked for again', async () => {
      const page = await browser.newPage();
      const complaints = complaintsOf(page);
      let asked = 0;
      await page.route('**/leaderboard?*', route =>
        asked++ === 0
          ? route.fulfill({ contentType: 'application/json', body: '{"at":1,"rows":[' })
          : route.continue(),
      );
      await page.goto(`${server.url}/grids/grid`);
      const rows = page.getByRole('table', { name: 'leaderboard' }).getByRole('row');
      await expect.poll(() => rows.count(), { timeout: seenMs }).toBe(5);
      expect(asked).toBeGreaterThan(1);
      expect(complaints).toEqual([]);
      await page.close();
    });

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
        const show = page.getByRole('button', { name: 'show', exact: true });
        if ((await show.count()) > 0) {
          await show.click();
          await page.locator('.parallel').waitFor({ timeout: seenMs });
        }
        await page.waitForTimeout(500);
        expect([path, await faultsOf(page)]).toEqual([path, []]);
        expect([path, complaints]).toEqual([path, []]);
        await page.close();
      }
    });
  });
});
