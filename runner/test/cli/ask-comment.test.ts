import { join } from 'node:path';
import { expect, test } from 'vitest';
import { bin, cellFolders, json, startGrid, workFolder, writeGrid } from '../fixtures/cli.js';
import { StandInTelegram } from '../fixtures/stand-in-telegram.js';
import { hasTmux, openTerminal } from '../fixtures/tmux.js';
import { closed } from '../notify/fixtures.js';

const waiting = { timeout: 60_000, interval: 200 };
const question = /what do you expect of this run/;
const long = { seeds: 1, epochs: 600, params: { epochs: 600, epochMs: 100 } };

const notes = async (folder: string): Promise<string[]> =>
  (await json(folder, 'show', cellFolders(folder)[0]!)).notes.map(({ text }: { text: string }) => text);

test.skipIf(!hasTmux)(
  `a terminal asks, the run begins at once, and Ctrl-C still ends it${hasTmux ? '' : ' (skipped: no tmux)'}`,
  async () => {
    const folder = workFolder();
    const file = writeGrid(folder, long);
    const open = (...more: string[]) => {
      const terminal = openTerminal([process.execPath, bin, 'run', file, ...more], {
        columns: 100,
        rows: 30,
        folder,
        environment: { GRID_ASK: '1' },
      });
      return { terminal, text: () => terminal.screen().join('\n') };
    };
    const first = open();
    await expect.poll(first.text, waiting).toMatch(question);
    await expect.poll(first.text, waiting).toMatch(/epoch ([2-9]|\d\d+)\/600/);
    first.terminal.type('-l', 'it gets better');
    await expect.poll(first.text, waiting).toMatch(/run\? it gets better/);
    first.terminal.type('C-c');
    await expect.poll(first.text, waiting).toContain('1 interrupted');
    // What was not finished was not said.
    expect(await notes(folder)).toEqual([]);

    const second = open();
    await expect.poll(second.text, waiting).toMatch(question);
    second.terminal.type('-l', 'it gets bettr');
    second.terminal.type('BSpace');
    second.terminal.type('-l', 'er');
    second.terminal.type('Enter');
    await expect.poll(second.text, waiting).toContain('your expectation is kept');
    expect(await notes(folder)).toEqual(['it gets better']);
    second.terminal.type('C-c');
    await expect.poll(second.text, waiting).toContain('1 interrupted');

    // Somebody has said it: nobody is asked again.
    const third = open();
    await expect.poll(third.text, waiting).toMatch(/epoch \d+\/600/);
    expect(third.text()).not.toMatch(question);
    third.terminal.type('C-c');
    await expect.poll(third.text, waiting).toContain('1 interrupted');
  },
);

test('the bot asks, and a reply is kept with the cells, of a grid that says nothing itself', async () => {
  const folder = workFolder();
  const server = closed(await StandInTelegram.open());
  const environment = {
    ...{ GRID_TELEGRAM_TOKEN: server.token, GRID_TELEGRAM_CHATS: '42', GRID_TELEGRAM_API: server.url },
    XDG_CONFIG_HOME: join(folder, 'config'),
  };
  const asked = () => [...server.messages].filter(([, text]) => text.includes('What do you expect'));
  const run = (...more: string[]) =>
    startGrid(folder, ['run', 'grid.yaml', '--telegram', ...more], environment);
  writeGrid(folder, { ...long, more: { description: 'whether it gets better' } });
  for (const [more, options] of [
    [[], { seeds: 1, more: { description: 'whether it gets better' } }],
    [['--no-ask'], { seeds: 1 }],
    [['--note', 'it does'], { seeds: 2 }],
  ] as const) {
    writeGrid(folder, options);
    await run(...more);
  }
  expect(asked()).toEqual([]);
  writeGrid(folder, { ...long, more: { name: 'other' } });
  const running = run();
  await expect.poll(() => asked().length, waiting).toBe(1);
  const [id] = asked()[0]!;
  expect(
    server
      .called('sendMessage')
      .map(({ body }) => JSON.stringify(body.reply_markup))
      .join(),
  ).toContain('force_reply');
  server.reply(Number(id.split(':')[1]) + 99, 'to something else');
  server.reply(Number(id.split(':')[1]), 'it gets better', 42, 42);
  await expect.poll(() => [...server.messages.values()].join(), waiting).toContain('with 1 cell of other');
  running.kill('SIGINT');
  await running;
  const { grids } = await json(folder, 'status');
  expect(grids.map(({ grid }: { grid: string }) => grid)).toContain('other');
  const all = await Promise.all(cellFolders(folder).map(cell => json(folder, 'show', cell)));
  const said = all.flatMap(({ notes: own }) => own.map(({ text }: { text: string }) => text));
  expect(said.filter((text: string) => text === 'it gets better')).toHaveLength(1);
  expect(said).not.toContain('to something else');
});
