import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { json, startGrid, workFolder } from '../fixtures/cli.js';

/** A program that reports one epoch with this accuracy. */
const program = (accuracy: number) =>
  `console.log('50%|##|\\r' + JSON.stringify({ type: 'epoch', epoch: 1, metrics: { validationAccuracy: ${accuracy} } }));`;

/** A project in a folder of its own: the same command and settings, another program. */
function project(folder: string, accuracy: number, more = ''): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, 'g.yaml'),
    `name: ${folder.split('/').at(-1)}\ntrainer: { command: [node, train.mjs]${more} }\ntrain: { epochs: 1 }\n`,
  );
  writeFileSync(join(folder, 'train.mjs'), `import './model.mjs';\n${program(accuracy)}`);
  writeFileSync(join(folder, 'model.mjs'), '');
}

const best = async (work: string, grid: string) =>
  (await json(work, 'leaderboard', '--grid', grid)).rows[0].value;
const states = async (work: string, ...args: string[]) =>
  (await json(work, 'plan', ...args)).cells.map(({ status }: { status: object }) => status);

describe('programs in place of the trainer', () => {
  it('have results of their own in each folder, which an edit makes stale, and a move leaves as they are', async () => {
    const work = workFolder();
    project(join(work, 'A'), 0.9);
    project(join(work, 'B'), 0.1);
    for (const name of ['A', 'B'])
      expect((await startGrid(work, ['run', `${name}/g.yaml`])).exitCode).toBe(0);
    expect([await best(work, 'A'), await best(work, 'B')]).toEqual([0.9, 0.1]);
    for (const name of ['A', 'B'])
      expect(await states(work, `${name}/g.yaml`)).toEqual([{ state: 'completed' }]);

    writeFileSync(join(work, 'B', 'model.mjs'), '// edited');
    expect(await states(work, 'B/g.yaml')).toMatchObject([
      { state: 'stale', reasons: ['model.mjs changed'] },
    ]);
    expect(await states(work, 'A/g.yaml')).toEqual([{ state: 'completed' }]);
    writeFileSync(join(work, 'B', 'train.mjs'), program(0.2));
    expect((await startGrid(work, ['run', 'B/g.yaml', '--rerun-stale'])).exitCode).toBe(0);
    expect([await best(work, 'A'), await best(work, 'B')]).toEqual([0.9, 0.2]);

    renameSync(join(work, 'B'), join(work, 'C'));
    expect(await states(work, 'C/g.yaml')).toEqual([{ state: 'completed' }]);
  });

  it('name more files by patterns, which must match', async () => {
    const work = workFolder();
    project(work, 0.5, ', inputs: [conf, "*.txt"]');
    const refused = await startGrid(work, ['run', 'g.yaml']);
    expect(refused).toMatchObject({ exitCode: 2 });
    expect(refused.stderr).toMatch(
      /g\.yaml:2:\d+ trainer\.inputs\[0\]: matches no file in .*\n.*inputs\[1\]/,
    );
    mkdirSync(join(work, 'conf'));
    for (const file of ['conf/a.yaml', 'notes.txt']) writeFileSync(join(work, file), '1');
    expect((await startGrid(work, ['run', 'g.yaml'])).exitCode).toBe(0);
    writeFileSync(join(work, 'conf', 'b.yaml'), '2');
    expect(await states(work, 'g.yaml')).toMatchObject([{ state: 'stale', reasons: ['conf/b.yaml is new'] }]);
  });

  it('fail where they promise more than they report, and say why', async () => {
    const work = workFolder();
    project(work, 0.5);
    const file = join(work, 'g.yaml');
    writeFileSync(file, readFileSync(file, 'utf8').replace('epochs: 1', 'epochs: 2'));
    const { exitCode, stdout } = await startGrid(work, ['run', 'g.yaml', '--plain']);
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/failed: badConfiguration: the trainer ended well after epoch 1 of 2 epochs/);
  });
});
