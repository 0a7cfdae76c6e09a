import { expect, test } from 'vitest';
import type { Standing } from '../../domain/stored.js';
import { rank } from '../../leaderboard/rank.js';
import { keyedRandom } from '../../statistics/random.js';
import { standing } from './fixtures.js';

/**
 * What a leaderboard claims where its rows don't differ at all, in so many simulated grids: of a false alarm in 5% of them, more than
 * `most` are found by chance once in 1000 (binomial).
 */
const grids = 600;
const most = 48;
const objective = { metric: 'validationScore', direction: 'maximize' } as const;
const accuracy = { metric: 'validationAccuracy', direction: 'maximize' } as const;

interface Scene {
  rows: number;
  seeds: number;
  /** Standard deviation of the seeds of a row. */
  spread?(row: number, normal: () => number): number;
  /** Accuracies on so many images, of one chance; one seed. */
  images?: number;
}

const scenes: Record<string, Scene> = {
  '12 × 3': { rows: 12, seeds: 3 },
  '50 × 3': { rows: 50, seeds: 3 },
  '12 × 2': { rows: 12, seeds: 2 },
  '12 × 5': { rows: 12, seeds: 5 },
  '12 × 3, spreads that differ by a factor of 1.6 (log-normal)': {
    ...{ rows: 12, seeds: 3 },
    spread: (_, normal) => Math.exp(normal() / 2),
  },
  '50 × 3, spreads that differ by a factor of 2.7': {
    ...{ rows: 50, seeds: 3 },
    spread: (_, normal) => Math.exp(normal()),
  },
  '12 × 3, half of the rows three times as noisy': {
    ...{ rows: 12, seeds: 3 },
    spread: row => (row % 2 === 0 ? 3 : 1),
  },
  '12 × 1, accuracies on 1000 images': { rows: 12, seeds: 1, images: 1000 },
  '50 × 1, accuracies on 1000 images': { rows: 50, seeds: 1, images: 1000 },
};

/** @param better by how much the first row is, in standard deviations of its seeds or of the accuracy */
function simulated({ rows, seeds, spread, images }: Scene, better: number, random: () => number): Standing[] {
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  return Array.from({ length: rows }, (_, row) => {
    const own = spread?.(row, normal) ?? 1;
    const shift = row === 0 ? better : 0;
    const values = Array.from({ length: seeds }, () => {
      if (images === undefined) return shift * own + own * normal();
      const chance = 0.9 + shift * Math.sqrt(0.09 / images);
      let right = 0;
      for (let image = 0; image < images; image++) if (random() < chance) right++;
      return right / images;
    });
    return standing(`r${row}`, values, { validationImages: images ?? null });
  });
}

/** Of so many grids, those with: a row told apart; a row left out of those that may be the best; the first row alone among them. */
function counted(scene: Scene, better: number, seed: number, count = grids) {
  const random = keyedRandom(seed);
  const found = { apart: 0, leftOut: 0, won: 0 };
  for (let grid = 0; grid < count; grid++) {
    const { rows } = rank(
      simulated(scene, better, random),
      scene.images === undefined ? objective : accuracy,
    );
    if (rows.some(row => row.rank !== 1 || row.worstRank !== rows.length)) found.apart++;
    if (rows.some(({ mayWin }) => !mayWin)) found.leftOut++;
    const last = rows.filter(({ mayWin }) => mayWin);
    if (last.length === 1 && last[0]!.labels.model === 'r0') found.won++;
  }
  return found;
}

const lines: string[] = [];

test.each(Object.entries(scenes))(
  'rows that don’t differ are told apart in at most one grid of twenty: %s',
  (name, scene) => {
    const { apart, leftOut } = counted(scene, 0, 1);
    const percent = (share: number) => `${(100 * share).toFixed(1)}%`;
    const power = [3, 6].map(better => counted(scene, better, 2, 60).won / 60);
    lines.push(
      `| ${name} | ${percent(apart / grids)} | ${percent(leftOut / grids)} | ${power.map(percent).join(' | ')} |`,
    );
    expect(apart).toBeLessThanOrEqual(most);
    expect(leftOut).toBeLessThanOrEqual(apart);
    // Where all rows are as noisy it must find something: a rule that never says anything would pass.
    if (scene.spread === undefined) expect(power[1]).toBeGreaterThan(scene.seeds < 3 ? 0.2 : 0.7);
  },
);

test('report', () => {
  process.stdout.write(
    `| ${grids} grids without a difference | a row told apart | a possible winner left out | sole winner found, 3 σ ahead | 6 σ ahead |\n| --- | --- | --- | --- | --- |\n${lines.join('\n')}\n`,
  );
  expect(lines).toHaveLength(Object.keys(scenes).length);
});
