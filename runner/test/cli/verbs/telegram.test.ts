import { chmodSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { telegramFile } from '../../../notify/telegram/settings.js';
import { bin, startGrid, workFolder, writeGrid } from '../../fixtures/cli.js';
import { StandInTelegram } from '../../fixtures/stand-in-telegram.js';
import { hasTmux, openTerminal } from '../../fixtures/tmux.js';
import { closed } from '../../notify/fixtures.js';

const waiting = { timeout: 60_000, interval: 100 };

async function withBot() {
  const folder = workFolder();
  const server = closed(await StandInTelegram.open());
  const environment = { XDG_CONFIG_HOME: join(folder, 'config'), GRID_TELEGRAM_API: server.url };
  const tokenFile = join(folder, 'token.txt');
  writeFileSync(tokenFile, `${server.token}\n`, { mode: 0o600 });
  /** @param write called with the code that the terminal shows */
  const setUp = async (write: (code: string) => void, args: string[], more: NodeJS.ProcessEnv = {}) => {
    const called = startGrid(folder, ['telegram', 'setup', ...args], { ...environment, ...more });
    let text = '';
    called.all.on('data', part => {
      text += part;
    });
    await expect.poll(() => text, waiting).toContain('startgroup=');
    write(/\/pair (\S+)/.exec(text)![1]!);
    const ended = await called;
    expect(ended.all).not.toContain(server.token);
    return ended;
  };
  return { folder, server, environment, tokenFile, setUp, file: telegramFile(environment) };
}

test('pairs a bot with the chat that the code is written in, and --telegram tells it', async () => {
  const { folder, server, environment, tokenFile, setUp, file } = await withBot();
  const first = await setUp(
    code => {
      // Who writes first without the code gets no word, and nothing.
      server.write('/start', 666);
      server.write(`/pair ${code.slice(0, -1)}`, 667);
      server.write(`/pair ${code}`, 42);
    },
    ['--token-file', tokenFile],
  );
  expect(first.exitCode, first.all).toBe(0);
  expect(first.stdout).toContain('the bot is @grid_bot');
  expect(first.stdout).toContain('paired with A (42)');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const { token } = server;
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ token, chats: ['42'], users: ['42'] });
  expect([...server.messages.keys()].map(key => key.split(':')[0])).toEqual(['42']);

  // Another chat of the same bot is added; the token is known.
  const group = await setUp(code => server.write(`/start@grid_bot ${code.toLowerCase()}`, -7, 5), []);
  expect(group.stdout).toContain('paired with the group T (-7)');
  expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ chats: ['42', '-7'], users: ['42', '5'] });

  const before = server.messages.size;
  const run = await startGrid(folder, ['run', writeGrid(folder), '--telegram'], environment);
  expect(run.exitCode, run.all).toBe(0);
  const told = [...server.messages].slice(before).filter(([, text]) => text.includes('finished'));
  expect(told.map(([key]) => key.split(':')[0]).sort()).toEqual(['-7', '42']);
});

test('what is wrong with a token is words without it, and nothing is written', async () => {
  const { folder, server, environment, tokenFile, file } = await withBot();
  const refused = async (args: string[], more: NodeJS.ProcessEnv = {}) => {
    const { exitCode, all } = await startGrid(folder, ['telegram', ...args], { ...environment, ...more });
    expect(exitCode).toBe(2);
    expect(all).not.toContain(server.token);
    expect(statSync(file, { throwIfNoEntry: false })).toBeUndefined();
    return all;
  };
  expect(await refused(['stup'])).toContain('expected one of setup');
  expect(await refused(['setup'])).toMatch(/no token: @BotFather/);
  expect(await refused(['setup'], { GRID_TELEGRAM_TOKEN: 'secret words' })).not.toContain('secret');
  chmodSync(tokenFile, 0o644);
  expect(await refused(['setup', '--token-file', tokenFile])).toContain('chmod 600');
  chmodSync(tokenFile, 0o600);
  server.isForeign = true;
  expect(await refused(['setup', '--token-file', tokenFile])).toContain('another program listens');
  server.isRevoked = true;
  expect(await refused(['setup', '--token-file', tokenFile])).toContain('no longer takes the token');
});

test.skipIf(!hasTmux)(
  `a token that is typed is not shown${hasTmux ? '' : ' (skipped: no tmux)'}`,
  async () => {
    const { folder, server, environment, file } = await withBot();
    const terminal = openTerminal([process.execPath, bin, 'telegram', 'setup'], {
      ...{ columns: 150, rows: 30, folder, environment },
    });
    const text = () => terminal.screen().join('\n');
    await expect.poll(text, waiting).toContain('it is not shown');
    terminal.type(server.token, 'Enter');
    await expect.poll(text, waiting).toMatch(/\/pair \S+/);
    server.write(/\/pair (\S+)/.exec(text())![1]!, 42);
    await expect.poll(text, waiting).toContain('a test message is there');
    expect(text()).not.toContain(server.token.split(':')[1]);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ token: server.token });
  },
);
