import { expect, test } from 'vitest';
import { type Effects, effectsOf, readEffects } from '../../../conclusions/effects/effects.js';
import type { Labels } from '../../../domain/stored.js';
import type { GridOutcomes, Outcome } from '../../../readings/outcomes.js';
import { effectsLines } from '../../../terminal/effects-lines.js';
import { callGrid } from '../../fixtures/in-process.js';
import { combinations, madeUpStore, noise, outcome } from '../fixtures.js';

const seeds = ['0', '1', '2'];
const objective = { metric: 'validationAccuracy', direction: 'maximize' } as const;

function pageOf(
  axes: Readonly<Record<string, readonly string[]>>,
  value: (labels: Labels) => number | null,
  more: Partial<GridOutcomes> = {},
): Effects {
  const outcomes: Outcome[] = combinations(axes).map(labels => outcome(labels, value(labels)));
  const reading = {
    grid: 'g',
    objective,
    epoch: null,
    stopped: 0,
    open: 0,
    stale: 0,
    validationImages: null,
  };
  return effectsOf({ ...reading, outcomes, ...more });
}

const shaky = (labels: Labels, size: number) => size * (noise(JSON.stringify(labels)) - 0.5);
const wide = { model: ['a', 'b', 'c', 'd', 'e', 'f'], optimizer: ['sgd', 'adamw'], seed: seeds };

test('a value that is better everywhere holds, with the sentence that says by how much', () => {
  const page = pageOf(wide, labels => 0.5 + (labels.optimizer === 'adamw' ? 0.02 : 0) + shaky(labels, 0.004));
  const claim = page.axes.find(({ path }) => path === 'optimizer')!.claims[0]!;
  expect(claim).toMatchObject({
    id: 'effects/optimizer/sgd:adamw',
    verdict: 'holds',
    n: 6,
    unit: 'pairs',
    command: 'grid effects g --axis optimizer',
  });
  expect(claim.estimate).toBeCloseTo(-0.02, 2);
  expect(claim.p).toBe(2 / 64);
  expect(claim.cells).toHaveLength(36);
  expect(claim.text).toMatch(
    /^adamw beats sgd in 6 of 6 pairs, \+\d\.\d points \[\d\.\d, \d\.\d\], p = 0\.0\d\d after Holm$/,
  );
});

test('of a loss less is better', () => {
  const page = pageOf(wide, labels => 1 + (labels.optimizer === 'adamw' ? -0.2 : 0) + shaky(labels, 0.01), {
    objective: { metric: 'validationLoss', direction: 'minimize' },
  });
  const claim = page.axes.find(({ path }) => path === 'optimizer')!.claims[0]!;
  expect(claim.text).toMatch(/^adamw beats sgd in 6 of 6 pairs, 0\.20 lower \[0\.19|0\.20, 0\.20|0\.21\], /);
  expect(claim.estimate).toBeLessThan(0);
});

test('nothing is claimed of less than six pairs, nor of chance', () => {
  const few = pageOf({ ...wide, model: ['a', 'b', 'c', 'd', 'e'] }, ({ optimizer }) =>
    optimizer === 'sgd' ? 0.5 : 0.6,
  );
  const claim = few.axes.find(({ path }) => path === 'optimizer')!.claims[0]!;
  expect(claim).toMatchObject({ verdict: 'undecided', n: 5, adjustedP: null });
  expect(claim.text).toContain('too few to tell');
  const chance = pageOf(wide, labels => 0.5 + shaky(labels, 0.02));
  expect(chance.axes.flatMap(({ claims }) => claims).map(({ verdict }) => verdict)).not.toContain('holds');
});

test('an undecided difference has a price by the noise of the seeds and measured epochs', () => {
  const models = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
  const page = pageOf(
    { model: models, optimizer: ['sgd', 'adamw'], seed: ['0', '1'] },
    ({ model, optimizer, seed }) => {
      const ahead = optimizer === 'sgd' ? 0 : 0.008 + (models.indexOf(model!) % 2 === 0 ? 0.01 : -0.01);
      return 0.5 + ahead + (seed === '0' ? 0.01 : -0.01);
    },
  );
  const { price, text } = page.axes.find(({ path }) => path === 'optimizer')!.claims[0]!;
  expect(text).toContain("can't be told apart: adamw ahead in 4 of 8 pairs");
  // √(2 · 0.0002 / 8 / n) (t₀.₉₇₅ + t₀.₈ of 7 degrees) ≤ 0.008: n = 9, of which there are 2. 16 settings, each cell 3 epochs of 2 s.
  expect(price).toEqual({ seeds: 7, runs: 16 * 7, seconds: 16 * 7 * 6 });
});

test('a pair with a cell that ended without a value is left out and said', () => {
  const page = pageOf(
    { ...wide, model: ['a', 'b', 'c', 'd', 'e', 'f', 'g'] },
    ({ model, optimizer, seed }) =>
      model === 'c' && optimizer === 'sgd' && seed === '1' ? null : optimizer === 'sgd' ? 0.5 : 0.6,
  );
  const claim = page.axes.find(({ path }) => path === 'optimizer')!.claims[0]!;
  expect(claim).toMatchObject({ n: 6, verdict: 'holds' });
  expect(claim.text).toContain('1 pair left out: sgd ended without a value');
  expect(page.lost).toBe(1);
});

test('what failures have in common is found: a value, or two together', () => {
  const axes = {
    optimizer: ['sgd', 'adamw'],
    'optimizer.learningRate': ['0.1', '0.01'],
    seed: [...seeds, '3', '4', '5'],
  };
  const both = pageOf(axes, ({ optimizer, 'optimizer.learningRate': rate }) =>
    optimizer === 'adamw' && rate === '0.1' ? null : 0.5,
  );
  expect(both.failures).toMatchObject([
    {
      id: 'effects/failures/optimizer=adamw&optimizer.learningRate=0.1',
      verdict: 'holds',
      estimate: 1,
      n: 6,
    },
  ]);
  expect(both.failures[0]!.text).toMatch(
    /^adamw with learningRate 0.1: 6 of 6 diverged, of the others 0 of 18, p < 0\.0001 after Holm$/,
  );
  const one = pageOf(axes, ({ optimizer }) => (optimizer === 'adamw' ? null : 0.5));
  expect(one.failures.map(({ id }) => id)).toEqual(['effects/failures/optimizer=adamw']);
  const scattered = pageOf(axes, labels => (noise(JSON.stringify(labels)) < 0.1 ? null : 0.5));
  expect(scattered.lost).toBeGreaterThan(0);
  expect(scattered.failures).toEqual([]);
});

test('axes that advance together are one; a conditional one is averaged over', () => {
  const linked = pageOf({ model: ['a', 'b'], seed: seeds }, () => 0.5);
  const zipped = combinations({ model: ['a', 'b', 'c'], seed: seeds }).map(labels =>
    outcome({ ...labels, 'train.batchSize': { a: '1', b: '2', c: '4' }[labels.model!]! }, 0.5),
  );
  expect(linked.axes[0]!.linked).toEqual([]);
  const page = pageOf({}, () => 0, { outcomes: zipped } as Partial<GridOutcomes>);
  expect(page.axes.map(({ path, linked }) => [path, linked])).toEqual([['model', ['train.batchSize']]]);
  expect(page.axes[0]!.claims[0]!.text).toContain('with train.batchSize');

  const conditional = combinations({
    model: ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'],
    optimizer: ['sgd', 'adamw'],
  }).flatMap(labels =>
    labels.optimizer === 'sgd'
      ? ['0', '0.9'].map(momentum =>
          outcome({ ...labels, 'optimizer.momentum': momentum }, momentum === '0' ? 0.3 : 0.5),
        )
      : [outcome(labels, 0.6)],
  );
  const { axes } = pageOf({}, () => 0, { outcomes: conditional } as Partial<GridOutcomes>);
  const optimizer = axes.find(({ path }) => path === 'optimizer')!;
  expect(optimizer.claims[0]).toMatchObject({ n: 8, verdict: 'holds' });
  expect(optimizer.claims[0]!.estimate).toBeCloseTo(-0.2, 12);
  expect(optimizer.claims[0]!.text).toContain('averaged over optimizer.momentum');
  expect(axes.find(({ path }) => path === 'optimizer.momentum')!.claims[0]).toMatchObject({ n: 8 });
});

test('what trying more settings bought', () => {
  const page = pageOf(
    { model: ['a', 'b', 'c', 'd', 'e'] },
    ({ model }) => 0.1 * ('abcde'.indexOf(model!) + 1),
  );
  // Of 3 of 5: (3·1 + 4·3 + 5·6) / 10 = 4.5.
  expect(page.bestOf!.curve.map(value => +value.toFixed(12))).toEqual([0.3, 0.4, 0.45, 0.48, 0.5]);
  expect(page.bestOf).toMatchObject({ first: 3 });
  expect(page.bestOf!.gain).toBeCloseTo(0.05, 12);
});

test('one setting, one seed, all failed, nothing done: a page that says so', async () => {
  const store = await madeUpStore({ axes: { seed: seeds }, fate: () => ({ accuracies: [0.5] }), epochs: 1 });
  expect(readEffects(store)).toMatchObject({ cells: 3, settings: 1, axes: [], failures: [], bestOf: null });
  store.close();
  const failed = await madeUpStore({
    axes: { model: ['a', 'b'], seed: seeds },
    fate: () => ({ failure: 'nanLoss' }),
  });
  const page = readEffects(failed);
  expect(page).toMatchObject({ cells: 6, lost: 6, noise: null, failures: [] });
  expect(page.axes[0]).toMatchObject({ claims: [], incomparable: [['a', 'b']] });
  failed.close();
  const empty = await madeUpStore({ axes: { model: ['a', 'b'] }, fate: () => null });
  expect(readEffects(empty)).toMatchObject({ cells: 0, open: 2, axes: [] });
  empty.close();
});

test('errors name what there is', async () => {
  const store = await madeUpStore({
    axes: { model: ['a', 'b'], optimizer: ['sgd'], seed: seeds },
    fate: () => ({ accuracies: [0.5, 0.6, 0.7] }),
  });
  expect(() => readEffects(store, { grid: 'nope' })).toThrow(/nope/);
  expect(() => readEffects(store, { axis: 'modle' })).toThrow(
    '--axis modle: no one axis of grid made-up is called so; it has: model',
  );
  expect(() => readEffects(store, { axis: 'optimizer' })).toThrow(/don't differ in it/);
  expect(() => readEffects(store, { epoch: 4 })).toThrow(/the highest that all have is 3/);
  store.close();
  expect(await callGrid(['effects', '--epoch', '0'])).toMatchObject({ exitCode: 2 });
});

test('shares of axes and seeds, and an interaction told by what one axis does within the other', () => {
  const axes = {
    scheduler: ['cosine', 'plateau'],
    optimizer: ['sgd', 'adamw'],
    model: ['a', 'b', 'c'],
    seed: seeds,
  };
  const page = pageOf(
    axes,
    labels =>
      0.5 + (labels.scheduler === 'cosine' && labels.optimizer === 'sgd' ? 0.02 : 0) + shaky(labels, 0.004),
  );
  expect(page.interactions).toMatchObject([
    { id: 'effects/interactions/scheduler*optimizer', verdict: 'holds' },
  ]);
  expect(page.interactions[0]!.text).toMatch(
    /^scheduler depends on optimizer: cosine over plateau is \+[12]\.\d points with sgd, [+-]0\.\d+ points with adamw; \d+% of the variance, p < 0\.0001 after Holm$/,
  );
  const { terms, seedShare } = page.shares!;
  const shareOf = (...factors: string[]) =>
    terms.find(each => each.factors.join() === factors.join())!.share!;
  expect(shareOf('scheduler', 'optimizer')).toBeGreaterThan(0.2);
  expect(shareOf('model')).toBeLessThan(0.02);
  expect(seedShare).toBeGreaterThan(0);
  const chance = pageOf(axes, labels => 0.5 + shaky(labels, 0.004));
  expect(chance.interactions).toEqual([]);
});

test('shares that would take too long are left out in words', () => {
  const axes = Object.fromEntries([...'abcdefghi'].map(path => [path, ['0', '1']]));
  const page = pageOf(axes, labels => noise(JSON.stringify(labels)));
  expect(page.shares).toBeNull();
  expect(effectsLines(page)).toContain(
    'what each axis explains, and interactions, are left out: over 8 axes they take too long (9 here)',
  );
  const few = { a: ['0', '1'], b: ['0', '1'] };
  expect(pageOf(few, labels => noise(JSON.stringify(labels))).sharesLeftOut).toBeNull();
});
