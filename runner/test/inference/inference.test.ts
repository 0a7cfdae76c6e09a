import { cpSync, writeFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { embedSuite } from './embed-suite.js';
import { predictSuite } from './predict-suite.js';
import { type TrainedCells, trainCells } from './trained-cells.js';

// One training for both commands.
describe('trained cells', () => {
  let trained: TrainedCells;
  beforeAll(async () => {
    trained = await trainCells();
  }, 120_000);
  predictSuite(() => trained);
  embedSuite(() => trained);

  it.each(['predict', 'embed'])(
    '%s is asked where the slots of an entry are, with their data',
    async verb => {
      const { at, grid, pets } = trained;
      cpSync(at('pets'), at('copy'), { recursive: true });
      const entries = [
        { data: at('nowhere') },
        { data: at('copy') },
        { environment: { NODE_OPTIONS: '--no-such' } },
      ];
      const slots = entries.map(entry => ({ backend: 'local', cpus: 1, ...entry }));
      writeFileSync(at('slots.yaml'), stringify({ slots }));
      const args =
        verb === 'embed'
          ? [pets[0], '--out', at('asked.csv')]
          : [...pets, '--images', at('test.zip'), '--fit-weights', '--out', at('asked.csv')];
      const ask = (...more: string[]) => grid(verb, ...args, '--slots', at('slots.yaml'), ...more);
      const [first, second, third] = [await ask(), await ask('--entry', '1'), await ask('--entry', '2')];
      expect(first.stderr).toContain(at('nowhere'));
      expect(first.exitCode).not.toBe(0);
      expect([second.stderr, second.exitCode]).toEqual(['', 0]);
      expect(third.stderr).toContain('--no-such');
      expect(third.exitCode).not.toBe(0);
    },
  );
});
