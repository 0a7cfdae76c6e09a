/**
 * The page with a grid of 100,000 cells (20,000 rows of 5 seeds): until its first paint and its first row, what its tab takes, how long
 * a filter takes until its rows are there, and a jump to the middle of the table. In Chromium, against `grid serve` in a process of its own.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { openStore } from '../store/open-store.js';
import { ResultsPaths } from '../store/run-paths.js';
import { saw, startGrid } from '../test/fixtures/cli.js';
import { hasBrowser, openBrowser } from '../test/web/browser-fixtures.js';
import { benchCells, benchGrid } from './fixtures/bench-grid.js';
import { fillStore } from './fixtures/fill-store.js';

const cells = 100_000;
const repeats = 7;

if (!hasBrowser) throw new Error('no chromium here: apt-get install chromium');
const folder = mkdtempSync(join(tmpdir(), 'grid-bench-'));
try {
  const writer = await openStore(folder);
  writer.registerGrid(benchGrid, benchCells(cells));
  writer.close();
  await fillStore(new ResultsPaths(folder).store, { epochs: 3, metrics: 6 });
  const serving = startGrid(folder, [
    'serve',
    benchGrid.name,
    '--results',
    folder,
    '--listen',
    '127.0.0.1:0',
  ]);
  let text = '';
  serving.all.on('data', part => {
    text += part;
  });
  await saw(serving, 'may steer');
  const url = /http:\S+/.exec(text)![0];
  const browser = await openBrowser();
  const rows = [];
  for (let repeat = 0; repeat < repeats; repeat++) {
    const context = await browser.newContext({ viewport: { width: 1300, height: 900 } });
    rows.push(await timesOf(await context.newPage(), url));
    await context.close();
  }
  await browser.close();
  serving.kill('SIGINT');
  await serving;
  process.stdout.write(
    `${cpus()[0]?.model}, Node ${process.versions.node}; ${cells} cells; medians and ranges of ${repeats}, load ${loadavg()[0]!.toFixed(1)}\n\n| what | |\n| --- | --- |\n`,
  );
  for (const what of Object.keys(rows[0]!) as (keyof (typeof rows)[0])[]) {
    const sorted = rows.map(row => Math.round(row[what])).sort((a, b) => a - b);
    process.stdout.write(`| ${what} | ${sorted[sorted.length >> 1]} (${sorted[0]}–${sorted.at(-1)}) |\n`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function timesOf(page: Page, url: string) {
  await page.goto(url);
  const firstRow = page.locator('.rows .row a').first();
  await firstRow.waitFor({ timeout: 60_000 });
  const rowAt = await page.evaluate<number>('performance.now()');
  const paintAt = await page.evaluate<number>(
    `performance.getEntriesByName('first-contentful-paint')[0].startTime`,
  );
  // All labels of one axis in turn, from the click to the rows that match.
  await page.locator('.filter summary', { hasText: 'model' }).click();
  const filtered = await page.evaluate<number>(`new Promise(resolve => {
    const box = document.querySelector('.filter[open] input');
    const begin = performance.now();
    const seen = new MutationObserver(() => {
      if (!/\\d+ of \\d+ rows/.test(document.querySelector('#leaderboard').textContent)) return;
      seen.disconnect();
      resolve(performance.now() - begin);
    });
    seen.observe(document.querySelector('#leaderboard'), { subtree: true, childList: true, characterData: true });
    box.click();
  })`);
  await page.getByRole('button', { name: 'clear' }).click();
  await page.getByText(/^20000 rows$/).waitFor({ timeout: 60_000 });
  const jumped = await page.evaluate<number>(`new Promise(resolve => {
    const table = document.querySelector('.table-window');
    const begin = performance.now();
    const seen = new MutationObserver(() => {
      const row = [...document.querySelectorAll('.rows .row')].find(each => Number(each.ariaRowIndex ?? each.getAttribute('aria-rowindex')) > 10005);
      if (row === undefined || row.querySelector('a') === null) return;
      seen.disconnect();
      resolve(performance.now() - begin);
    });
    seen.observe(table, { subtree: true, childList: true });
    table.scrollTop = 10010 * 34;
  })`);
  return {
    'first paint, ms': paintAt,
    'first row, ms': rowAt,
    'filter, ms': filtered,
    'to the middle of the table, ms': jumped,
    'memory of the tab, MB': await memoryOf(page),
  };
}

/** Resident memory of the renderer: of the process that took most time among this page's. */
async function memoryOf(page: Page): Promise<number> {
  const session = await page.context().browser()!.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  const renderers = processInfo.filter(({ type }) => type === 'renderer');
  const sizes = renderers.map(({ id }) =>
    Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${id}/status`, 'utf8'))?.[1] ?? 0),
  );
  return Math.max(...sizes) / 1024;
}
