/** Data that an agent has by itself are the grid's, or none of its runs begins there. */
import { cpSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { csvFolder } from '../../../trainer/test/data/fixtures/data-folder.js';
import { OtherDataError, OwnData } from '../../agents/data/own-data.js';
import { TokenFile } from '../../agents/server/tokens.js';
import { startAgent, type TestAgent, temporaryFolder } from '../fixtures/farm.js';
import { type FarmRun, startRun, until } from '../fixtures/farm-run.js';
import { fixtureSpec } from '../fixtures/run-spec.js';

const agents: TestAgent[] = [];
let run: FarmRun | undefined;
afterEach(async () => {
  run?.child.kill('SIGKILL');
  await Promise.all(agents.splice(0).map(agent => agent.end('SIGKILL')));
});

async function begin() {
  const folder = temporaryFolder('own-data');
  const data = csvFolder(40, 2);
  const grid = `name: faults
data: { format: csv, root: ${data}, images: images.zip, labels: train.csv }
model: { name: resnet20, width: 4 }
optimizer: sgd
train: { epochs: 1, batchSize: 8 }
axes: { seed: [1, 2] }
`;
  writeFileSync(join(folder, 'grid.yaml'), grid);
  writeFileSync(join(folder, 'agents.yaml'), 'slots:\n  - { backend: agents }\n');
  const { secret } = await new TokenFile(join(folder, 'results/agents/tokens.json')).add('box');
  const mine = await startRun(folder);
  run = mine;
  const agent = (at: string) => {
    const started = startAgent(mine.url, secret, { more: ['--engine', 'wasm', '--data', at] });
    agents.push(started);
    return started;
  };
  return { mine, data, agent };
}

describe('grid agent --data', () => {
  it('refuses runs on other data, on both sides, until they are mended; then nothing is sent', async () => {
    const { mine, data, agent } = await begin();
    const own = csvFolder(40, 3);
    const box = agent(own);
    const words = `the data in ${own} are not those of the grid (fingerprint `;
    await until(() => mine.said().includes(words) || mine.child.exitCode !== null);
    expect(mine.said()).toMatch(/box\/cpu0 waits for the machine, until .*: the data in /);
    expect(mine.said()).not.toMatch(/epoch 1/);
    expect(box.said()).toContain(`no run begins here: ${words}`);
    cpSync(data, own, { recursive: true });
    // Nobody reads those any more.
    renameSync(data, `${data}.gone`);
    expect(await mine.ended, mine.said() + box.said()).toBe(0);
    expect(mine.said()).toContain('2 completed');
  }, 300_000);

  it('says what is missing in its folder, which fails no cell', async () => {
    const { mine, agent } = await begin();
    agent(temporaryFolder('empty'));
    await until(() => /waits for the machine/.test(mine.said()) || mine.child.exitCode !== null);
    expect(mine.said()).toMatch(/waits for the machine, until .*images\.zip.*put the files of .* there/);
    expect(mine.said()).not.toContain('badConfiguration');
  }, 300_000);

  it('of a folder that isn’t there is refused', async () => {
    const { agent } = await begin();
    const box = agent('/no/such/folder');
    await until(() => box.child.exitCode !== null);
    expect(box.child.exitCode).toBe(2);
    expect(box.said()).toContain('--data /no/such/folder: there is no such folder');
  }, 120_000);
});

describe('OwnData', () => {
  const { data } = fixtureSpec({});
  const inspection = (fingerprint: string) => ({
    ...{ fingerprint, images: 1, validationImages: 1, classes: [], imageSizes: [] },
    ...{ imageSize: 4, problems: [] },
  });

  it('looks once at what is the same, by any number of slots, and again at what is not', async () => {
    let looks = 0;
    const said: string[] = [];
    let found = 'other';
    const own = new OwnData(
      async () => {
        looks++;
        return inspection(found);
      },
      words => void said.push(words),
    );
    await expect(own.check(data, 'same')).rejects.toThrow(OtherDataError);
    expect(said).toEqual([expect.stringMatching(/^no run begins here: .*fingerprint/)]);
    found = 'same';
    await Promise.all([own.check(data, 'same'), own.check(data, 'same')]);
    await own.check(data, 'same');
    expect(looks).toBe(2);
    await expect(own.check(data, 'of another grid')).rejects.toThrow(/not those of the grid/);
  });

  it('a look that comes to nothing is a reason, too', async () => {
    const own = new OwnData(
      () => Promise.reject(new Error('no trainer')),
      () => {},
    );
    await expect(own.check(data, 'same')).rejects.toThrow(/no trainer; put the files/);
  });
});
