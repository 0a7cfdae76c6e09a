import { expect, test } from 'vitest';
import { Notifier } from '../../notify/notifier.js';
import { telegramSender } from '../../notify/telegram/sender.js';
import { acquireGridLock } from '../../store/grid-lock.js';
import { openStore } from '../../store/open-store.js';
import { refusal, StandInTelegram } from '../fixtures/stand-in-telegram.js';
import { cells, complete, grid, resultsFolder } from '../store/fixtures.js';
import { closed } from './fixtures.js';

const slot = { slotId: 'local/cpu0', backend: 'local', device: '1 CPU thread' };
const waiting = { timeout: 30_000, interval: 50 };

/** A grid of 3 cells that this process runs, and who tells of it. */
async function running() {
  const results = resultsFolder();
  const server = closed(await StandInTelegram.open());
  const store = await openStore(results);
  const ids = cells(3).map(({ cellId }) => cellId);
  store.registerGrid(grid, cells(3));
  const lock = await acquireGridLock(results, grid.name);
  store.beginRunner(grid.name, [slot]);
  const said: string[] = [];
  const tell = async (gapMs = 0) => {
    const own = await openStore(results);
    const sender = { ...telegramSender('42', { token: server.token, apiRoot: server.url }), gapMs };
    const notifier = new Notifier({
      ...{ store: own, results, grid: grid.name, senders: [sender] },
      report: () => ({ name: 'grid.html', content: Buffer.from('<!doctype html> the report') }),
      say: words => void said.push(words),
    });
    const close = async (patienceMs = 10_000) => {
      await notifier.close(patienceMs);
      own.close();
    };
    return { notifier, close };
  };
  const end = () => {
    lock.release();
    store.close();
  };
  return { results, server, store, ids, tell, said, end };
}

test('one digest is edited, also after a restart; news are messages of their own, told once', async () => {
  const { server, store, ids, tell, end } = await running();
  const first = await tell();
  await expect.poll(() => server.called('sendMessage').length, waiting).toBe(1);
  expect([...server.messages.values()][0]).toContain('0 done · 0 running · 3 left');
  complete(store, ids[0]!, [0.5, 0.6]);
  await expect.poll(() => [...server.messages.values()][0], waiting).toContain('1 done');
  expect(server.messages.size).toBe(2);
  expect([...server.messages.values()][1]).toContain('new best 0.6000');
  await first.close();

  const again = await tell();
  complete(store, ids[1]!, [0.7]);
  await expect.poll(() => [...server.messages.values()][0], waiting).toContain('2 done');
  const [, , third] = server.messages.values();
  expect(third).toContain('new best 0.7000, better by 0.1000');
  expect(server.messages.size).toBe(3);
  store.finishRun(store.startRun(ids[2]!, 'local/cpu0'), {
    state: 'failed',
    failure: { class: 'crash', message: 'boom' },
  });
  store.changeRunner(grid.name, { hasEnded: true });
  await again.close();
  const news = [...server.messages.values()].slice(3).join('\n');
  expect(news).toMatch(/a cell failed: crash[\s\S]*boom[\s\S]*finished/);
  // The curves come with the end.
  const [photo] = server.called('sendPhoto');
  expect(Object.values(photo!.body).some(value => value.startsWith('\x89PNG'))).toBe(true);
  // … and so does the report, as a file.
  const [document] = server.called('sendDocument');
  expect(Object.values(document!.body).join()).toContain('the report');
  // A digest has buttons, as the grid is now; a failure its own.
  const buttons = (call: { body: Record<string, unknown> } | undefined) =>
    JSON.stringify(call?.body.reply_markup ?? '');
  expect(buttons(server.called('sendMessage')[0])).toContain('"callback_data":"/pause"');
  expect(buttons(server.called('editMessageText').at(-1))).not.toContain('/pause');
  const failed = server.called('sendMessage').find(({ body }) => body.text?.includes('a cell failed'));
  expect(buttons(failed)).toMatch(/"callback_data":"\/retry [0-9a-f]+"/);
  end();
}, 90_000);

test('a place that is down holds up nothing, and catches up', async () => {
  const { server, store, ids, tell, said, end } = await running();
  server.faults.push('cut', { status: 502, answer: {} });
  const { close } = await tell();
  await expect.poll(() => said.length, waiting).toBe(1);
  expect(said[0]).toMatch(/it is tried again, and the grid goes on/);
  expect(said.join()).not.toContain(server.token);
  complete(store, ids[0]!, [0.6]);
  await expect.poll(() => [...server.messages.values()].join('\n'), waiting).toContain('1 done');
  await close();
  server.faults.push(...Array.from({ length: 20 }, () => 'hang' as const));
  const stuck = await tell();
  complete(store, ids[1]!, [0.9]);
  const calls = server.calls.length;
  await expect.poll(() => server.calls.length, waiting).toBeGreaterThan(calls);
  const start = performance.now();
  await stuck.close(500);
  expect(performance.now() - start).toBeLessThan(5000);
  end();
}, 90_000);

test('retry_after is obeyed, a gap lies between digests, and a revoked token is told of once', async () => {
  const { server, store, ids, tell, said, end } = await running();
  server.faults.push(refusal(429, 'Too Many Requests', { retry_after: 2 }));
  const { close } = await tell(3000);
  await expect.poll(() => server.messages.size, waiting).toBe(1);
  const [asked, sent] = server.calls;
  expect(sent!.atMs - asked!.atMs).toBeGreaterThan(1900);
  store.hold([ids[2]!], 'stopped');
  await expect.poll(() => server.called('editMessageText').length, waiting).toBe(1);
  expect(server.calls.at(-1)!.atMs - sent!.atMs).toBeGreaterThan(2900);
  expect(said).toEqual([]);
  server.isRevoked = true;
  complete(store, ids[0]!, [0.6]);
  await expect.poll(() => said.length, waiting).toBe(1);
  expect(said[0]).toMatch(/revoked.*nothing more is told there/);
  const { length } = server.calls;
  complete(store, ids[1]!, [0.8]);
  await new Promise(resolve => setTimeout(resolve, 1500));
  expect(server.calls.length).toBe(length);
  await close();
  end();
}, 90_000);
