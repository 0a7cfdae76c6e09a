import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { commandLauncher } from '../../../slots/launchers/command.js';
import { StubAgents } from '../../fixtures/stub-agents.js';

// They end as soon as it is so: on a busy machine that takes a while.
vi.setConfig({ testTimeout: 400_000 });

const until = (condition: () => void | Promise<void>) =>
  vi.waitFor(condition, { timeout: 120_000, interval: 50 });

it.each([
  ['a line of shell', 'exec sh'],
  ['a list of words, by the file', ['sh', '-c', 'exec sh "$GRID_AGENT_SCRIPT"']],
])('%s starts agents, which are counted while they live, by the next runner too', async (_, start) => {
  const stub = new StubAgents();
  const fleet = await commandLauncher.open({ start, max: 2 }, stub.context());
  await fleet.start(2);
  await until(() => expect(stub.begun).toHaveLength(2));
  expect(stub.begun[0]).toMatch(/^command-[0-9a-f]{4}-1$/);
  await fleet.stop('waiting');
  const later = await commandLauncher.open({ start, max: 2 }, stub.context());
  expect(await later.look()).toEqual({ waiting: 0, running: 2 });
  await later.stop('all');
  expect(await later.look()).toEqual({ waiting: 0, running: 0 });
  expect(stub.ended).toEqual(stub.begun);
});

it('what ends by itself is no longer counted, and its last words are kept', async () => {
  const stub = new StubAgents();
  const fleet = await commandLauncher.open(
    { start: 'echo no such machine >&2; exit 3', max: 1 },
    stub.context(),
  );
  await fleet.start(1);
  await until(async () => expect(await fleet.look()).toEqual({ waiting: 0, running: 0 }));
  expect(await fleet.lastWords()).toBe('no such machine');
});

it('a program that isn’t there is refused by name', async () => {
  const fleet = await commandLauncher.open({ start: ['/no/such'], max: 1 }, new StubAgents().context());
  await expect(fleet.start(1)).rejects.toThrow(/^start: .*\/no\/such/);
});

it('with programs that count and stop, what starts one ends at once', async () => {
  const stub = new StubAgents();
  const notes = join(stub.folder, 'notes');
  const entry = {
    start: `cat > /dev/null; echo "$GRID_AGENT_NAME" >> '${notes}'`,
    count: `echo 1 $(( $(wc -l < '${notes}') - 1 ))`,
    stop: `echo "$GRID_STOP" >> '${notes}.stops'; : > '${notes}'`,
    max: 3,
  };
  const fleet = await commandLauncher.open(entry, stub.context());
  await fleet.start(3);
  expect(await fleet.look()).toEqual({ waiting: 2, running: 1 });
  await fleet.stop('waiting');
  const strange = await commandLauncher.open({ ...entry, count: 'echo many' }, stub.context());
  expect(await strange.look()).toEqual({
    ...{ waiting: 0, running: 0 },
    trouble: 'count: expected one number or two, got "many"',
  });
  const broken = await commandLauncher.open({ ...entry, start: 'echo full >&2; exit 1' }, stub.context());
  await expect(broken.start(1)).rejects.toThrow('start: full');
});
