/** One-off questions are asked where the slots of an entry are, as those slots are started. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { dataGuess, profile } from '../../../trainer/contract/answer-schemas.js';
import type { EngineName } from '../../../trainer/contract/events.js';
import { localBackend } from '../../slots/local/backend.js';
import { sharedTrainer } from '../../trainer-client/trainer-command.js';
import { fixtureSpec } from '../fixtures/run-spec.js';

const folder = mkdtempSync(join(tmpdir(), 'ask '));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const here = { engine: null, environment: process.env };
const guess = { mode: ['guess'], request: folder, answer: dataGuess, failure: 'it can’t be looked at' };

test('answers', async () => {
  expect(await localBackend.ask({}, guess, here)).toMatchObject({ refusal: expect.stringContaining(folder) });
});

test('has the environment of the entry', async () => {
  const entry = { environment: { NODE_OPTIONS: '--no-such-option' } };
  await expect(localBackend.ask(entry, guess, here)).rejects.toThrow(
    /^it can’t be looked at: the trainer ended with exit code \d+: .*--no-such-option/s,
  );
});

test('has the engine that is asked for', async () => {
  const request = { spec: { ...fixtureSpec({}), trainer: null }, cacheDir: folder, steps: 1 };
  const question = { mode: ['profile'], request, answer: profile, failure: 'no profile' };
  await expect(localBackend.ask({}, question, { ...here, engine: 'steam' as EngineName })).rejects.toThrow(
    /^no profile: the trainer ended with exit code \d+: .*got steam/,
  );
});

test.each([
  // What computes has the threads of a slot, or those that are asked for; what doesn't is told of none.
  [{ cpus: 2, threads: 3 }, 'slot', ['--threads', '3'], '-1'],
  [{}, 'slot', ['--threads', '1'], '-1'],
  [{ cpus: 2, threads: 3 }, 5, ['--threads', '5'], '-1'],
  [{ cpus: 2, threads: 3 }, null, [], '-1'],
  [{ cpus: 2, threads: 3 }, undefined, [], 'mine'],
  [{ cpus: 1, environment: { CUDA_VISIBLE_DEVICES: 'theirs' } }, null, [], 'theirs'],
] as const)('of an entry %j, a question of %j threads', async (entry, threads, flags, gpus) => {
  const told = join(folder, 'told.mjs');
  // In place of the trainer, before it: answers with how it was started.
  writeFileSync(
    told,
    'process.stdout.write(JSON.stringify({ flags: process.argv.slice(3), gpus: process.env.CUDA_VISIBLE_DEVICES })); process.exit(0)',
  );
  const environment = {
    ...process.env,
    NODE_OPTIONS: `--import=${pathToFileURL(told)}`,
    CUDA_VISIBLE_DEVICES: 'mine',
  };
  const question = {
    ...{ mode: ['infer'], request: {}, answer: { type: 'object' } as const, failure: 'no' },
    ...(threads !== undefined && { threads }),
  };
  expect(await localBackend.ask(entry, question, { engine: null, environment })).toEqual({ flags, gpus });
});

test('the trainer is started in one way, whatever for: engine and threads as flags, threads also as others read them', () => {
  for (const mode of [[], ['infer'], ['doctor', '--json']]) {
    const { command, environment } = sharedTrainer(
      { engine: 'wasm', threads: 3, environment: { A: 'b' } },
      mode,
    );
    expect(command.slice(2)).toEqual([...mode, '--engine', 'wasm', '--threads', '3']);
    expect(environment).toMatchObject({ A: 'b', OMP_NUM_THREADS: '3', TF_NUM_INTRAOP_THREADS: '3' });
  }
  const free = sharedTrainer({ engine: null, threads: null, environment: { A: 'b' } });
  expect(free.command).toHaveLength(2);
  expect(free.environment).toEqual({ A: 'b' });
});
