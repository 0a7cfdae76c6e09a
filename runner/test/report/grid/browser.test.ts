import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { curveTo, noise, storeGrid } from '../../fixtures/grid-results.js';
import { callGrid } from '../../fixtures/in-process.js';
import { resultsFolder } from '../../store/fixtures.js';
import { complaintsOf, faultsOf, hasBrowser, openBrowser, suiteName } from '../../web/browser-fixtures.js';

describe.skipIf(!hasBrowser)(suiteName('a report in Chromium'), () => {
  const results = resultsFolder();
  const page = join(results, 'report.html');
  let browser: Browser;
  beforeAll(async () => {
    await storeGrid(results, {
      axes: { model: ['resnet18', 'resnet34', 'resnet50'], 'optimizer.learningRate': [0.01, 0.03, 0.1] },
      epochs: (labels, seed) =>
        curveTo(0.4 + Number(labels['optimizer.learningRate']) + 0.01 * noise(JSON.stringify(labels), seed)),
    });
    await callGrid(['report', '--results', results, '--out', results]);
    browser = await openBrowser();
  });
  afterAll(() => browser?.close());

  const open = async (options: Parameters<Browser['newPage']>[0] = {}) => {
    const tab = await browser.newPage({ ...options, offline: true });
    const complaints = complaintsOf(tab);
    await tab.goto(pathToFileURL(page).href);
    return { tab, complaints };
  };

  test.each(['light', 'dark'] as const)('keeps nobody out in %s, nor on a phone', async colorScheme => {
    for (const viewport of [
      { width: 1200, height: 900 },
      { width: 375, height: 700 },
    ]) {
      const { tab, complaints } = await open({ colorScheme, viewport });
      expect(await faultsOf(tab)).toEqual([]);
      expect(await tab.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(viewport.width);
      expect(complaints).toEqual([]);
      await tab.close();
    }
  });

  test('its leaderboard is filtered and ordered, offline', async () => {
    const { tab } = await open();
    const table = tab.locator('#leaderboard');
    const rows = table.locator('tbody tr:visible');
    expect(await rows.count()).toBe(9);
    await table.getByRole('searchbox').fill('resnet34 0.03');
    expect(await rows.count()).toBe(1);
    await table.getByText('1 of 9 rows').waitFor();
    await table.getByRole('searchbox').fill('');
    const rates = () => table.locator('tbody tr td:nth-child(3)').allTextContents();
    const button = table.getByRole('button', { name: 'optimizer.learningRate' });
    await button.click();
    expect(await rates()).toEqual(['0.01', '0.01', '0.01', '0.03', '0.03', '0.03', '0.1', '0.1', '0.1']);
    await button.click();
    expect((await rates())[0]).toBe('0.1');
    expect(await table.locator('th[aria-sort=descending]').count()).toBe(1);
  });

  test('a sentence opens its receipt; without scripts it leads to it', async () => {
    const { tab } = await open();
    await tab.getByRole('link', { name: 'Receipt 1', exact: true }).first().click();
    const dialog = tab.getByRole('dialog');
    await dialog.getByText('again by').waitFor();
    await dialog.getByRole('button', { name: 'Close' }).click();
    expect(await dialog.isVisible()).toBe(false);
    const { tab: plain } = await open({ javaScriptEnabled: false });
    await plain.getByRole('link', { name: 'Receipt 1', exact: true }).first().click();
    expect(plain.url()).toContain('#receipt-1');
  });
});
