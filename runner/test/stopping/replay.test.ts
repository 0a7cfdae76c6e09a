import { expect, it } from 'vitest';
import { kendall } from '../../stopping/kendall.js';
import { replay } from '../../stopping/replay.js';
import { accuracy, cell, type Fate, halving, rowsAfter } from './field.js';

const names = [...'abcdefghi'];
const rising = (place: number): Fate => ({
  curve: Array.from({ length: 9 }, (_, epoch) => (place * 10 + epoch) / 100),
});
/** Nine cells, the later the better, of nine epochs; some have another fate. */
const nine = (others: Readonly<Record<string, Fate>> = {}): Record<string, Fate> => ({
  ...Object.fromEntries(names.map((name, place) => [name, rising(place)])),
  ...others,
});
/** Rungs are epochs 1 and 3. */
const replayed = (
  fates: Readonly<Record<string, Fate>>,
  { stopping = halving(), objective = accuracy, change = {}, seconds = new Map<string, number>() } = {},
) => {
  const cells = Object.keys(fates).map(name => cell(name, change));
  const rows = new Map(Object.entries(fates).map(([name, fate]) => [name, rowsAfter(fate, 9)]));
  return replay(stopping, objective, cells, rows, seconds);
};

it('says what would have been spared: 6 end at epoch 1, 1 at 3, 2 go to 9', () => {
  const seconds = new Map(names.map((name, place) => [name, place === 0 ? 10 : 1]));
  expect(replayed(nine(), { seconds })).toEqual({
    cells: 9,
    configurations: 9,
    finished: 2,
    epochs: { trained: 81, withBlock: 6 + 3 + 18 },
    seconds: { trained: 81 + 9 * 9, withBlock: 27 + 9 },
    winners: { cells: ['i'], value: 0.88, isKept: true, withinNoise: { count: 1, kept: 1 } },
    regret: 0,
    rungs: [
      { epochs: [1, 1], goOn: 3, compared: 9, tau: 1 },
      { epochs: [3, 3], goOn: 2, compared: 9, tau: 1 },
    ],
  });
  expect(replayed(nine()).seconds).toBeNull();
});

it('says where the winner would have been lost, by how much, and how badly rungs foretell it', () => {
  const late = replayed(nine({ a: { curve: [0, 0, 0, 0, 0, 0, 0, 0, 0.95] } }));
  expect(late.winners).toMatchObject({ cells: ['a'], value: 0.95, isKept: false });
  expect(late.regret).toBeCloseTo(0.07, 10);
  // Of 36 pairs the 8 with it are turned round.
  expect(late.rungs.map(({ tau }) => tau)).toEqual([20 / 36, 20 / 36]);
});

it('has a regret above 0 where less is better, too', () => {
  const turned = Object.entries(nine({ a: { curve: [0, 0, 0, 0, 0, 0, 0, 0, 0.95] } })).map(
    ([name, { curve }]): [string, Fate] => [name, { curve: curve.map(value => 1 - value!) }],
  );
  const objective = { metric: 'validationLoss', direction: 'minimize' } as const;
  const { winners, regret, rungs } = replayed(Object.fromEntries(turned), { objective });
  expect(winners!.value).toBeCloseTo(0.05, 10);
  expect(winners!.isKept).toBe(false);
  expect(regret).toBeCloseTo(0.07, 10);
  expect(rungs[0]!.tau).toBeCloseTo(20 / 36, 10);
});

it('counts who can’t be told from the best by the validation images, and how many of them are kept', () => {
  const near = { a: { curve: [0, 0, 0, 0, 0, 0, 0, 0, 0.87] } };
  // One standard error of the difference of .88 and .87 from 100 images each is .047.
  const few = replayed(nine(near), { change: { images: 100 } });
  expect(few.winners!.withinNoise).toEqual({ count: 2, kept: 1 });
  const many = replayed(nine(near), { change: { images: 100_000 } });
  expect(many.winners!.withinNoise).toEqual({ count: 1, kept: 1 });
});

it('stops none of equals, and takes the one that is kept for the best', () => {
  const flat = Object.fromEntries(names.map(name => [name, { curve: Array<number>(9).fill(0.5) }]));
  expect(replayed(flat)).toMatchObject({ finished: 9, regret: 0, epochs: { withBlock: 81 } });
  expect(replayed(flat).rungs.map(({ tau }) => tau)).toEqual([null, null]);
  const twins = replayed(nine({ a: { curve: [0, 0, 0, 0, 0, 0, 0, 0, 0.88] } }));
  expect(twins).toMatchObject({ regret: 0, winners: { cells: ['i'], isKept: true } });
});

it('counts NaN and what failed as worst: they cost what they were trained, and have no value at the end', () => {
  const lost = replayed(
    nine({ i: { curve: Array<null>(9).fill(null) }, h: { curve: rising(7).curve, failsAfter: 2 } }),
  );
  // h fails at epoch 2, before the second rung.
  expect(lost.epochs).toEqual({ trained: 81 - 7, withBlock: 6 + 2 + 18 });
  expect(lost.winners).toMatchObject({ cells: ['g'], isKept: true });
  expect(lost.rungs.map(({ compared }) => compared)).toEqual([7, 7]);
  const none = replayed(Object.fromEntries(names.map(name => [name, { curve: [null] }])));
  expect(none).toMatchObject({ winners: null, regret: null });
});

it('judges seeds as one configuration; with `seeds: first` the others of those that stop never begin', () => {
  const cells = names.flatMap(name => [1, 2].map(seed => cell(`${name}${seed}`, { family: name })));
  const rows = new Map(cells.map(({ cellId, family }) => [cellId, rowsAfter(nine()[family]!, 9)]));
  const of = (seeds: 'together' | 'first') => replay(halving({ seeds }), accuracy, cells, rows, new Map());
  expect(of('together')).toMatchObject({
    cells: 18,
    configurations: 9,
    finished: 2,
    epochs: { trained: 162, withBlock: 2 * 27 },
    winners: { cells: ['i1', 'i2'] },
  });
  expect(of('first').epochs.withBlock).toBe(6 + 3 + 2 * 18);
});

it('has no rung where cells are too short', () => {
  const short = replayed(nine(), { stopping: halving({ after: 9 }) });
  expect(short).toMatchObject({ rungs: [], finished: 9, epochs: { trained: 81, withBlock: 81 } });
});

it('Kendall’s τ-b is that of scipy, with ties and within groups', () => {
  const first = [1, 2, 2, 3, 4, 4];
  const second = [1, 3, 2, 2, 5, 4];
  const pairs = first.map((value, at) => [value, second[at]!] as const);
  expect(kendall([pairs])).toBeCloseTo(0.7412493166611013, 10);
  expect(
    kendall([
      [
        [1, 1],
        [2, 2],
      ],
      [
        [9, 0],
        [8, 1],
      ],
    ]),
  ).toBe(0);
  expect(kendall([[[1, 1]]])).toBeNull();
});
