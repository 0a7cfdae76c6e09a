/** What every place where people are told does, against servers that behave like the real ones. */
import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { SendError, type Sender } from '../../notify/sender.js';
import { telegramSender } from '../../notify/telegram/sender.js';
import { discordSender } from '../../notify/webhooks/discord.js';
import { genericSender } from '../../notify/webhooks/generic.js';
import { slackSender } from '../../notify/webhooks/slack.js';
import { refusal, StandInTelegram } from '../fixtures/stand-in-telegram.js';
import { closed, notice, webhook } from './fixtures.js';

interface Place {
  sender: Sender;
  /** What has come, in order. */
  texts(): string[];
  /** What the next call gets. */
  fail(how: 'patience' | 'broken' | 'hang' | 'refused'): void;
  /** What no error may say. */
  secret: string;
}

const overWebhook = (make: (url: string) => Sender) => async (): Promise<Place> => {
  const { url, hits, replies } = await webhook();
  const faults = {
    patience: { status: 429, headers: { 'retry-after': '7' }, body: '{"retry_after": 7}' },
    broken: { status: 502, body: 'bad gateway' },
    hang: 'hang',
    refused: { status: 403, body: 'no' },
  } as const;
  return {
    ...{ sender: make(url), secret: 'very-secret', texts: () => hits.map(({ body }) => body) },
    fail: how => void replies.push(faults[how]),
  };
};

const places: Record<string, () => Promise<Place>> = {
  webhook: overWebhook(url => genericSender('webhook X', url, 'key')),
  slack: overWebhook(url => slackSender('slack X', url)),
  discord: overWebhook(url => discordSender('discord X', url)),
  telegram: async () => {
    const server = closed(await StandInTelegram.open());
    const faults = {
      patience: refusal(429, 'Too Many Requests: retry after 7', { retry_after: 7 }),
      broken: { status: 502, answer: {} },
      hang: 'hang',
      refused: refusal(403, 'Forbidden: bot was blocked by the user'),
    } as const;
    return {
      sender: telegramSender('42', { token: server.token, apiRoot: server.url }),
      texts: () => server.calls.map(({ body }) => JSON.stringify(body)),
      fail: how => void server.faults.push(faults[how]),
      secret: 'stand-in_token',
    };
  },
};

const failure = (promise: Promise<unknown>): Promise<Error> =>
  promise.then(
    () => expect.unreachable('it was sent'),
    (error: Error) => error,
  );
const soon = () => AbortSignal.timeout(20_000);

describe.each(Object.entries(places))('%s', (_, open) => {
  test('tells title, lines and table', async () => {
    const { sender, texts } = await open();
    await sender.post(notice('new best 0.5'), soon());
    expect(texts()).toHaveLength(1);
    for (const part of ['new best 0.5', 'another', '0.5']) expect(texts()[0]).toContain(part);
  });

  test('edits what it has posted where it can, and says where that is gone', async () => {
    const { sender, texts } = await open();
    const id = await sender.post(notice('one'), soon());
    expect(id !== null).toBe(sender.edits);
    if (!sender.edits) return;
    expect(await sender.edit(id!, notice('two'), soon())).toBe('edited');
    expect(texts()[1]).toContain('two');
    expect(await sender.edit(id!, notice('two'), soon())).toBe('edited');
  });

  test('asked for patience it says how long', async () => {
    const { sender, fail } = await open();
    fail('patience');
    const error = await failure(sender.post(notice('x'), soon()));
    expect(error).toBeInstanceOf(SendError);
    expect((error as SendError).how.retryAfterMs).toBe(7000);
  });

  test('a fault passes, a refusal does not; nothing says a secret', async () => {
    const { sender, fail, secret } = await open();
    fail('broken');
    const broken = await failure(sender.post(notice('x'), soon()));
    expect((broken as SendError).how.final ?? false).toBe(false);
    await sender.post(notice('x'), soon());
    fail('refused');
    const refused = await failure(sender.post(notice('x'), soon()));
    expect((refused as SendError).how.final).toBe(true);
    fail('hang');
    const hung = await failure(sender.post(notice('x'), AbortSignal.timeout(300)));
    for (const error of [broken, refused, hung])
      expect(`${error.stack} ${error.message}`).not.toContain(secret);
  });

  test('a message that is far too long is cut, not refused', async () => {
    const { sender, texts } = await open();
    const lines = Array.from({ length: 3000 }, (_, i) => `line <${i}> & more`);
    await sender.post(
      { ...notice('long'), message: { title: 't'.repeat(9000), lines, table: lines } },
      soon(),
    );
    expect(texts()[0]!.length).toBeLessThan(400_000);
  });
});

test('a webhook’s body is signed', async () => {
  const { url, hits } = await webhook();
  await genericSender('w', url, 'key').post(notice('x'), soon());
  const { body, headers } = hits[0]!;
  expect(headers['x-gridfarm-signature']).toBe(
    `sha256=${createHmac('sha256', 'key').update(body).digest('hex')}`,
  );
  expect(JSON.parse(body)).toMatchObject({ event: 'newBest', grid: 'g', value: 0.5 });
});

test('Discord: nobody is pinged, the address’ own query stays, and a picture comes as a file', async () => {
  const { url, hits } = await webhook();
  await discordSender('d', url).post(
    {
      ...notice('x'),
      picture: Buffer.from('PNG'),
      file: { name: 'grid.html', content: Buffer.from('page') },
    },
    soon(),
  );
  expect(hits[0]!.url).toMatch(/thread=1&wait=true/);
  expect(hits[0]!.body).toMatch(/filename="grid.html"/);
  expect(hits[0]!.body).toMatch(/filename="curves.png"/);
  expect(hits[0]!.body).toContain('"allowed_mentions":{"parse":[]}');
});

describe('Telegram', () => {
  const open = async (chat = '42') => {
    const server = closed(await StandInTelegram.open());
    return { server, sender: telegramSender(chat, { token: server.token, apiRoot: server.url }) };
  };

  test('follows a group that has become a supergroup', async () => {
    const { server, sender } = await open('-5');
    server.faults.push(
      refusal(400, 'Bad Request: group chat was upgraded to a supergroup chat', {
        migrate_to_chat_id: -1005,
      }),
    );
    const id = await sender.post(notice('x'), soon());
    expect(id).toMatch(/^-1005:/);
    await sender.post(notice('y'), soon());
    expect(server.calls.at(-1)!.body.chat_id).toBe('-1005');
  });

  test('a message that was deleted is gone; a revoked token is final, and words', async () => {
    const { server, sender } = await open();
    expect(await sender.edit('42:99', notice('x'), soon())).toBe('gone');
    server.isRevoked = true;
    const error = await failure(sender.post(notice('x'), soon()));
    expect((error as SendError).how.final).toBe(true);
    expect(error.message).toMatch(/revoked/);
  });

  test('text is at most 4,096 characters with marks of HTML closed, a caption 1,024', async () => {
    const { server, sender } = await open();
    const lines = Array.from({ length: 3000 }, (_, i) => `<${i}>`);
    const message = { title: 't', lines: ['a & b'], table: lines };
    await sender.post({ ...notice('x'), message }, soon());
    await sender.post({ ...notice('x'), message, picture: Buffer.from('PNG') }, soon());
    const plain = (html: string) => html.replace(/<[^>]*>/g, '').replaceAll(/&\w+;/g, '.');
    const [text, photo] = server.calls;
    expect(text!.body.text).toMatch(/<\/pre>$/);
    expect(plain(text!.body.text!).length).toBeLessThanOrEqual(4096);
    expect(photo!.method).toBe('sendPhoto');
    expect(plain(photo!.body.caption!).length).toBeLessThanOrEqual(1024);
    expect(photo!.body[Object.keys(photo!.body).find(key => photo!.body[key] === 'PNG')!]).toBe('PNG');
  });
});
