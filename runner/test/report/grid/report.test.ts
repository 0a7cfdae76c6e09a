import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { meanCurve } from '../../../report/grid/charts/mean-curve.js';
import { escapeMarkdown } from '../../../report/grid/markdown.js';
import { defaultDriver } from '../../../store/sqlite/sqlite.js';
import { curveTo, noise, storeGrid } from '../../fixtures/grid-results.js';
import { callGrid } from '../../fixtures/in-process.js';
import { resultsFolder } from '../../store/fixtures.js';

type MadeUp = Parameters<typeof storeGrid>[1];

async function reported(grid: MadeUp) {
  const results = resultsFolder();
  await storeGrid(results, grid);
  const out = join(results, 'out');
  const call = await callGrid(['report', '--results', results, '--out', out]);
  expect(call.stderr).toBe('');
  expect(call.exitCode).toBe(0);
  const file = join(out, 'report.html');
  const [html, markdown] = [readFileSync(file, 'utf8'), readFileSync(join(out, 'report.md'), 'utf8')];
  return { results, out, file, html, markdown };
}

const rising: MadeUp = {
  description: 'What is it about?',
  axes: {
    model: ['resnet18', 'resnet34', 'resnet50', 'densenet121', 'vit', 'swin'],
    'optimizer.learningRate': [0.01, 0.03, 0.1],
  },
  epochs: (labels, seed) =>
    curveTo(0.4 + Number(labels['optimizer.learningRate']) + 0.005 * noise(JSON.stringify(labels), seed)),
};

const verify = (results: string, file: string) =>
  callGrid(['report', '--results', results, '--verify', file]);

describe('a report', () => {
  it('is one page that asks nothing of a network, and Markdown with the same sections and claims', async () => {
    const { html, markdown, out } = await reported(rising);
    const titles = [
      'Summary',
      'Data',
      'Settings',
      'Monitoring',
      'Experiments by model',
      'Leaderboard',
      'Effects',
      'Failures by class',
      'Cost',
      'Conclusions',
    ];
    const inHtml = [...html.matchAll(/<h2>([^<]+)<\/h2>/g)].map(([, title]) => title);
    expect(inHtml).toEqual([...titles, 'Receipts']);
    expect([...markdown.matchAll(/^## (.+)$/gm)].map(([, title]) => title)).toEqual(titles);
    expect(html).not.toMatch(/(?:src|href)="(?!data:|#)/);
    expect(html).toContain("default-src 'none'");
    // Each sentence is there with its number, in both.
    const receipts = [...html.matchAll(/<article id="receipt-(\d+)"/g)].map(([, number]) => number);
    expect(receipts.length).toBeGreaterThan(0);
    for (const number of receipts) {
      expect(html).toContain(`href="#receipt-${number}"`);
      expect(markdown).toContain(`[^${number}]:`);
    }
    for (const [, file] of markdown.matchAll(/!\[.*?\]\((.+?)\)/g))
      expect(statSync(join(out, file!)).size).toBeGreaterThan(0);
  });

  it('verifies, and no longer does after a row has changed', async () => {
    const { results, file } = await reported(rising);
    const before = await verify(results, file);
    expect(before).toMatchObject({ exitCode: 0, stderr: '' });
    expect(before.stdout).toMatch(/all \d+ claims come out the same/);
    const { DatabaseSync } = await defaultDriver();
    const database = new DatabaseSync(join(results, 'store.db'));
    database.exec(
      "UPDATE cells SET value = 0.1 WHERE cell IN (SELECT cell FROM grid_cells WHERE labels ->> '$.\"optimizer.learningRate\"' = '0.1')",
    );
    database.close();
    const after = await verify(results, file);
    expect(after.exitCode).toBe(1);
    expect(after.stdout).toContain('suggestions/extend/optimizer.learningRate/high');
    expect(after.stdout).toMatch(/then .+ → now |then holds/);
  });

  it('of another page, or of none, is refused with words', async () => {
    const { results, out } = await reported(rising);
    const other = await verify(results, join(out, 'report.md'));
    expect(other).toMatchObject({ exitCode: 2 });
    expect(other.stderr).toContain('holds no claims; it must be a page of `grid report`');
    const missing = await verify(results, join(out, 'nothing.html'));
    expect(missing.stderr).toContain('`grid report` writes one');
  });

  it('of a grid that runs says what is missing', async () => {
    const { html } = await reported({
      axes: { model: ['resnet18', 'resnet34'] },
      epochs: ({ model }) => (model === 'resnet18' ? curveTo(0.5) : null),
    });
    expect(html).toContain('This is a report on a part: 2 of 4 cells have a result; 2 queued.');
  });

  it('of one seed says how little it can tell', async () => {
    const { html, markdown } = await reported({ ...rising, seeds: 1 });
    for (const text of [html, markdown]) {
      expect(text).toContain('Every setting was trained once.');
      expect(text).toContain('may be chance');
    }
  });

  it('of a grid of which everything failed says so, and of what', async () => {
    const { html, markdown } = await reported({
      axes: { model: ['resnet18', 'resnet34'] },
      epochs: () => 'failed',
    });
    expect(html).toContain('No cell has a result yet: 4 failed.');
    expect(html).toContain('All cells failed.');
    expect(html).toContain('4 × crash');
    expect(html).toContain('boom &lt;b&gt;');
    expect(markdown).toContain('boom \\<b\\>');
  });

  it('of one cell is whole', async () => {
    const { results, file, html } = await reported({
      axes: { model: ['resnet18'] },
      seeds: 1,
      epochs: () => curveTo(0.5),
    });
    expect(html).toContain('1 of 1 settings');
    expect((await verify(results, file)).exitCode).toBe(0);
  });

  it('of 600 cells is no larger than a mail takes, and says what it leaves out', async () => {
    const { html, file } = await reported({
      axes: {
        model: Array.from({ length: 30 }, (_, i) => `resnet${i}`),
        'optimizer.learningRate': Array.from({ length: 20 }, (_, i) => (i + 1) / 100),
      },
      seeds: 1,
      epochs: labels => curveTo(0.5 + 0.01 * noise(JSON.stringify(labels)), 30),
    });
    expect(statSync(file).size).toBeLessThan(4_000_000);
    expect(html).toContain('12 of 30 models are shown');
    expect(html).toContain('the first 500 of 600 rows');
  });

  it('holds text of others as text', async () => {
    const evil = '</script><img src=x onerror=alert(1)>|`*';
    const { html, markdown } = await reported({
      description: evil,
      axes: { model: [evil, 'resnet18'] },
      epochs: ({ model }) => curveTo(model === evil ? 0.6 : 0.5),
    });
    expect(html).not.toContain('<img src=x');
    expect(html.match(/<\/script>/g)).toHaveLength(2);
    expect(markdown).not.toMatch(/(?<!\\)<img/);
    expect(markdown).not.toContain('>|`');
  });
});

it('text in Markdown is text, wherever a line begins', () => {
  expect(escapeMarkdown('# a')).toBe('\\# a');
  expect(escapeMarkdown('1. a')).toBe('1\\. a');
  expect(escapeMarkdown('- a | b\n<c> &amp; _d_')).toBe('\\- a \\| b \\<c\\> &amp;amp; \\_d\\_');
});

it('a mean is over all seeds with a number, whatever is left out of the picture', () => {
  const cell = (factor: number) =>
    new Map([['m', Array.from({ length: 1000 }, (_, i) => [i + 1, factor * i] as const)]]);
  const broken = new Map([['m', [[1, 1] as const, [2, null] as const]]]);
  const points = meanCurve([cell(1), cell(3), broken], 'm');
  expect(points.length).toBeLessThanOrEqual(242);
  expect(points[0]).toEqual({
    epoch: 1,
    mean: 1 / 3,
    low: expect.any(Number),
    high: expect.any(Number),
    n: 3,
  });
  expect(points.at(-1)).toMatchObject({ epoch: 1000, mean: 2 * 999, n: 2 });
  for (const { epoch, mean } of points.slice(1)) expect(mean).toBe(2 * (epoch - 1));
});
