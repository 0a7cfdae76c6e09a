/** Cells that go on where the numbers come out otherwise. */
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { TokenFile } from '../../agents/server/tokens.js';
import { startAgent, type TestAgent } from '../fixtures/farm.js';
import { type FarmRun, prepareFarm, startRun, until } from '../fixtures/farm-run.js';

const agents: TestAgent[] = [];
let run: FarmRun | undefined;
afterEach(async () => {
  run?.child.kill('SIGKILL');
  await Promise.all(agents.splice(0).map(agent => agent.end('SIGKILL')));
});

test('what was begun here goes on on the engine that an agent has, with a warning', async () => {
  const folder = prepareFarm({ seeds: 1, epochs: 30 });
  const first = await startRun(folder, 'local.yaml', 'results', { engine: null });
  await until(() => /epoch 2\/30/.test(first.said()) || first.child.exitCode !== null);
  first.child.kill('SIGINT');
  expect(await first.ended, first.said()).toBe(130);
  const { secret } = await new TokenFile(join(folder, 'results/agents/tokens.json')).add('box');
  const mine = await startRun(folder, 'agents.yaml', 'results', { engine: null });
  run = mine;
  agents.push(startAgent(mine.url, secret, { more: ['--engine', 'cpu'] }));
  await until(() => mine.said().includes('goes on with') || mine.child.exitCode !== null);
  expect(mine.said()).toMatch(
    /begun with (wasm|tensorflow) .*, goes on with cpu .*: the last bits will differ/,
  );
}, 300_000);
