import { join } from 'node:path';
import { expect, test } from 'vitest';
import { controlOf } from '../../cli/control-of.js';
import { answer } from '../../notify/telegram/commands.js';
import { Poller } from '../../notify/telegram/poller.js';
import { openStore } from '../../store/open-store.js';
import { StandInTelegram } from '../fixtures/stand-in-telegram.js';
import { cells, complete, grid, resultsFolder } from '../store/fixtures.js';
import { closed } from './fixtures.js';

const waiting = { timeout: 30_000, interval: 50 };

async function listening() {
  const results = resultsFolder();
  const server = closed(await StandInTelegram.open());
  const store = await openStore(results);
  const ids = cells(6).map(({ cellId }) => cellId);
  store.registerGrid(grid, cells(6));
  complete(store, ids[0]!, [0.5, 0.6]);
  complete(store, ids[1]!, [0.4, 0.7]);
  const said: string[] = [];
  const listen = () =>
    new Poller({
      bot: {
        ...{ id: '123456', token: server.token, apiRoot: server.url },
        ...{ chats: new Set(['42', '-7']), users: new Set(['42']) },
      },
      lockFile: join(results, 'bot.lock'),
      answer: (text, maySteer) =>
        answer(text, { store, results, grid: grid.name, control: controlOf(results), maySteer }),
      say: words => void said.push(words),
    });
  return { server, store, ids, said, listen };
}

test('answers its commands, and acts by the verbs of the command line', async () => {
  const { server, store, ids, listen } = await listening();
  const poller = listen();
  const ask = async (text: string, chat?: number, from?: number) => {
    const before = server.messages.size;
    server.write(text, chat, from);
    await expect.poll(() => server.messages.size, waiting).toBe(before + 1);
    return [...server.messages.values()].at(-1)!;
  };
  expect(await ask('/status')).toContain('2 done · 0 running · 4 left');
  expect(await ask('/leaderboard 1')).toContain('validationAccuracy');
  expect(await ask(`/cell ${ids[1]}`)).toContain('0.7000 at epoch 2');
  expect(server.called('sendPhoto')).toHaveLength(1);
  expect(await ask(`/compare ${ids[0]} ${ids[1]}`)).toContain('0.6000 and 0.7000');
  expect(await ask('/cell zzzz')).toContain('That can’t be done');
  expect(await ask(`/note@grid_bot ${ids[0]} looks fine`)).toContain('Done');
  expect(store.notesOf(ids[0]!).map(({ text }) => text)).toEqual(['looks fine']);
  expect(await ask(`/cancel ${ids[2]}`)).toContain('is stopped');
  expect(await ask('/pause')).toContain('3 cells paused');
  expect(store.countsByState(grid.name)).toMatchObject({ paused: 3, stopped: 1, queued: 0 });
  expect(await ask('/resume')).toContain('3 cells queued');
  expect(await ask(`/retry ${ids[2]}`)).toContain('queued');
  expect(await ask('/what')).toContain('/leaderboard');
  // In a group those who are listed steer, the others look.
  expect(await ask('/pause', -7, 5)).toContain('Not from this chat');
  expect(await ask('/status', -7, 5)).toContain('2 done');
  expect(await ask('/pause', -7, 42)).toContain('4 cells paused');
  await poller.close();
  store.close();
}, 90_000);

test('buttons do what their commands do, for those who may', async () => {
  const { server, store, ids, listen } = await listening();
  const poller = listen();
  const touched = async (data: string, chat?: number, from?: number) => {
    const before = server.messages.size;
    server.touch(data, chat, from);
    await expect.poll(() => server.messages.size, waiting).toBe(before + 1);
    return [...server.messages.values()].at(-1)!;
  };
  expect(await touched('/pause')).toContain('4 cells paused');
  expect(server.called('answerCallbackQuery')).toHaveLength(1);
  expect(await touched(`/cancel ${ids[2]}`)).toContain('is stopped');
  expect(await touched(`/cell ${ids[1]}`)).toMatch(/resnet\d.*·/);
  expect(await touched('/resume', -7, 5)).toContain('Not from this chat');
  server.touch('/resume', 666);
  expect(await touched('/leaderboard')).toContain('validationAccuracy');
  expect(store.countsByState(grid.name)).toMatchObject({ paused: 3, stopped: 1 });
  await poller.close();
  store.close();
}, 90_000);

test('strangers get no word, and change nothing', async () => {
  const { server, store, listen } = await listening();
  const poller = listen();
  server.write('/pause', 666);
  server.write('/status', 42);
  await expect.poll(() => server.messages.size, waiting).toBe(1);
  expect([...server.messages.keys()][0]).toMatch(/^42:/);
  expect(store.countsByState(grid.name).paused).toBe(0);
  await poller.close();
  store.close();
}, 60_000);

test('of two runners one listens; a foreign listener and a revoked token are words', async () => {
  const { server, store, said, listen } = await listening();
  const both = [listen(), listen()];
  await expect.poll(() => server.called('getUpdates').length, waiting).toBeGreaterThan(2);
  server.write('/status');
  await expect.poll(() => server.messages.size, waiting).toBe(1);
  expect(server.called('getMe')).toHaveLength(1);
  server.isForeign = true;
  await expect.poll(() => said.join(), waiting).toMatch(/another program listens/);
  await Promise.all(both.map(poller => poller.close()));
  server.isRevoked = true;
  const refused = listen();
  await expect.poll(() => said.join(), waiting).toMatch(/does not take the token/);
  expect(said.join()).not.toContain(server.token);
  await refused.close();
  store.close();
}, 90_000);
