import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { notifyTargets } from '../../notify/targets.js';
import { telegramFile } from '../../notify/telegram/settings.js';
import { notifyEntries } from '../../slots/slots-file.js';
import { resultsFolder } from '../store/fixtures.js';

const token = '123456:abcDEF';

test('a slots file says where people are told; what it can’t say is an error at its place', async () => {
  const file = join(resultsFolder(), 'slots.yaml');
  const load = (notify: string) => {
    writeFileSync(file, `slots: [{backend: local}]\nnotify: ${notify}\n`);
    return notifyEntries(file);
  };
  expect(await load('[{to: telegram}, {to: slack, variable: HOOK}]')).toEqual([
    { to: 'telegram' },
    { to: 'slack', variable: 'HOOK' },
  ]);
  await expect(load('[{to: telegramm}]')).rejects.toThrow(/slots.yaml:2:\d+.*notify.*telegram/);
  // An address is a secret: it has no key of its own.
  await expect(load('[{to: slack, url: "https://hooks"}]')).rejects.toThrow(/url/);
  expect(await notifyEntries(undefined)).toEqual([]);
});

test('secrets come from the environment, or from a file that others can’t read', () => {
  const home = resultsFolder();
  const environment = { XDG_CONFIG_HOME: home };
  expect(() => notifyTargets([{ to: 'telegram' }], environment)).toThrow(/notify\[0\].*GRID_TELEGRAM_TOKEN/);
  expect(() => notifyTargets([{ to: 'telegram' }], { GRID_TELEGRAM_TOKEN: token })).toThrow(
    /GRID_TELEGRAM_CHATS/,
  );
  const chats = { GRID_TELEGRAM_TOKEN: token, GRID_TELEGRAM_CHATS: '1, -2' };
  // Asked for twice, told once.
  expect(notifyTargets([{ to: 'telegram' }, { to: 'telegram' }], chats)).toMatchObject([
    { chat: '1' },
    { chat: '-2' },
  ]);
  const file = telegramFile(environment);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify({ token, chats: [7] }), { mode: 0o600 });
  expect(notifyTargets([{ to: 'telegram' }], environment)).toMatchObject([{ chat: '7', token }]);
  chmodSync(file, 0o644);
  if (process.platform !== 'win32')
    expect(() => notifyTargets([{ to: 'telegram' }], environment)).toThrow(/chmod 600/);
});

test('what is wrong with a secret is said without it', () => {
  const wrong = [
    [{ to: 'slack' as const }, { GRID_SLACK_URL: 'hidden words' }],
    [{ to: 'telegram' as const }, { GRID_TELEGRAM_TOKEN: 'hidden', GRID_TELEGRAM_CHATS: '1' }],
  ] as const;
  for (const [entry, environment] of wrong) {
    const told = () => notifyTargets([entry], environment);
    expect(told).toThrow(/notify\[0\]/);
    expect(told).not.toThrow(/hidden/);
  }
});
