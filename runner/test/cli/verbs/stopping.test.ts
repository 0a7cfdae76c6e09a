import { beforeAll, expect, it } from 'vitest';
import { openStore } from '../../../store/open-store.js';
import { register } from '../../conclusions/fixtures.js';
import { callGrid } from '../../fixtures/in-process.js';
import { resultsFolder } from '../../store/fixtures.js';

const folder = resultsFolder();
const rates = ['1', '2', '3', '4', '5', '6'];

/** Twelve settings of nine epochs: the higher the rate, the better, and AdamW is a little ahead. */
beforeAll(async () => {
  const store = await openStore(folder);
  const axes = { optimizer: ['sgd', 'adamw'], 'optimizer.learningRate': rates };
  const rising = (labels: Readonly<Record<string, string>>, epochs: number) => ({
    accuracies: Array.from(
      { length: epochs },
      (_, epoch) =>
        0.4 +
        Number(labels['optimizer.learningRate']) / 20 +
        epoch / 100 +
        (labels.optimizer === 'adamw' ? 0.001 : 0),
    ),
  });
  register(store, { axes, epochs: 9, name: 'long', fate: labels => rising(labels, 9) });
  register(store, { axes, epochs: 2, name: 'short', fate: labels => rising(labels, 2) });
  register(store, {
    axes: { optimizer: ['sgd', 'adamw'] },
    epochs: 9,
    name: 'unfinished',
    fate: labels => ({ ...rising(labels, 3), end: 'stopped' }),
  });
  store.close();
});

const stopping = (...args: string[]) => callGrid(['stopping', ...args, '--results', folder]);

it('replays the block on a finished grid', async () => {
  const { stdout, stderr } = await stopping('--replay', 'long', '--margin', '0');
  expect(stderr).toBe('');
  // 12 at epoch 3 (the first at which there may be one; both rungs are that one), then ⌈12 / 3⌉.
  expect(stdout).toContain('long: 12 configurations (12 cells), 4 would have been trained to the end');
  expect(stdout).toContain('cost: 60 of 108 (56%) epochs');
  expect(stdout).toContain('would have been kept: regret 0');
  expect(stdout).toContain('rung at epoch 3: 4 go on; Kendall’s τ of the values there and at the end 1 (12)');
});

it('takes the words of the block as options, and answers in JSON', async () => {
  const own = ['--rungs', '1/3,6', '--keep', '1/2', '--margin', '0', '--within', 'optimizer', '--after', '0'];
  const [sgdKept] = JSON.parse(
    (
      await stopping(
        '--replay',
        'long',
        ...own,
        '--json',
        '--never',
        'optimizer=sgd,optimizer.learningRate=1',
      )
    ).stdout,
  );
  // Of each optimizer 3 of 6, then 2 of 3; the one that is never stopped goes on beside them.
  expect(sgdKept).toMatchObject({
    grid: 'long',
    left: 0,
    rungs: [{ epochs: [3, 3] }, { epochs: [6, 6] }],
    winners: { isKept: true },
    regret: 0,
  });
  const [plain] = JSON.parse((await stopping('--replay', 'long', ...own, '--json')).stdout);
  expect(plain.rungs.map(({ goOn }: { goOn: number }) => goOn)).toEqual([6, 4]);
  expect(sgdKept.finished).toBe(5);
});

it('says where cells are too short, or some don’t count', async () => {
  const { stdout } = await stopping('--replay');
  expect(stdout).toContain(
    'short: 12 configurations (12 cells), too short: no rung comes before the last epoch',
  );
  expect(stdout).toContain('unfinished: no configuration was trained to its end');
});

it('says what is wrong with a call', async () => {
  const wrong = async (...args: string[]) => {
    const { stderr, stdout, exitCode } = await stopping(...args);
    expect(stdout).toBe('');
    expect(exitCode).toBe(2);
    return stderr;
  };
  expect(await wrong('long')).toContain('give --replay');
  expect(await wrong('--replay', 'nope')).toContain('there are: long, short, unfinished');
  expect(await wrong('--replay', 'unfinished')).toContain(
    'nothing to replay: unfinished has no configuration',
  );
  expect(await wrong('--replay', 'long', '--keep', '2')).toBe(
    '--keep must be below 1, got 2; rule: none stops no cell\n',
  );
  expect(await wrong('--replay', 'long', '--rungs', '1/2,1/3')).toContain(
    '--rungs must be later than the rung before',
  );
  expect(await wrong('--replay', 'long', '--margin', 'x', '--value', 'y')).toMatch(
    /^--value must be one of.*\n--margin must be auto/,
  );
  expect(await wrong('--replay', 'long', '--within', 'optimiser')).toContain('did you mean "optimizer"?');
  expect(await wrong('--replay', 'long', '--never', 'optimizer=sdg')).toContain('did you mean "sgd"?');
  expect(await wrong('--replay', 'long', '--never', 'optimizer')).toContain('--never must be AXIS=LABEL');
});
