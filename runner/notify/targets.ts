/** Where people are told, with its secrets: from the environment, or from files that only their owner can read. */
import { readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Schema } from '../../trainer/contract/schema.js';
import { checkedJson } from '../../trainer/files/checked-json.js';
import { UsageError } from '../domain/error.js';
import type { NotifyEntry } from '../slots/notify-entries.js';

export type Target =
  | { to: 'slack' | 'discord'; name: string; url: string }
  | { to: 'webhook'; name: string; url: string; secret: string | undefined }
  | { to: 'telegram'; chat: string; users: readonly string[]; token: string; apiRoot: string | undefined };

type Environment = Readonly<Record<string, string | undefined>>;

const variables = {
  telegram: 'GRID_TELEGRAM_TOKEN',
  slack: 'GRID_SLACK_URL',
  discord: 'GRID_DISCORD_URL',
  webhook: 'GRID_WEBHOOK_URL',
} as const satisfies Record<NotifyEntry['to'], string>;

/** @throws UsageError saying which entry lacks what */
export function notifyTargets(entries: readonly NotifyEntry[], environment: Environment): Target[] {
  const targets = entries.flatMap((entry, index) =>
    targetsOf(entry, `notify[${index}] (${entry.to})`, environment),
  );
  const names = targets.map(target => (target.to === 'telegram' ? `telegram ${target.chat}` : target.name));
  // What is asked for twice, in the slots file and by --telegram, is told once.
  return targets.filter((_, i) => names.indexOf(names[i]!) === i);
}

function targetsOf(entry: NotifyEntry, where: string, environment: Environment): Target[] {
  const { to } = entry;
  if (to === 'telegram') return telegramTargets(entry, where, environment);
  const variable = entry.variable ?? variables[to];
  const url = secretOf(entry, variable, where, environment);
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
    throw new UsageError(`${where}: ${entry.file ?? variable} must hold an address: https://…`);
  const name = `${to} ${entry.file ?? variable}`;
  if (to !== 'webhook') return [{ to, name, url }];
  const secret = environment[entry.secretVariable ?? 'GRID_WEBHOOK_SECRET'];
  if (entry.secretVariable !== undefined && !secret)
    throw new UsageError(`${where}: ${entry.secretVariable} is not set; it is the key of the signatures`);
  return [{ to, name, url, secret: secret || undefined }];
}

function secretOf(entry: NotifyEntry, variable: string, where: string, environment: Environment): string {
  if (entry.file !== undefined) return readSecret(entry.file, where);
  const value = environment[variable]?.trim();
  if (value) return value;
  throw new UsageError(`${where}: ${variable} is not set; \`variable:\` names another, \`file:\` a file`);
}

const listed = (text = '') => text.split(/[\s,]+/).filter(each => each !== '');

interface TelegramFile {
  token: string;
  chats: (string | number)[];
  /** Who may steer from a group. */
  users?: (string | number)[];
}

const fileSchema: Schema = {
  type: 'object',
  required: ['token', 'chats'],
  properties: {
    token: { type: 'string' },
    chats: { type: 'array', minItems: 1, items: { type: ['string', 'number'] } },
    users: { type: 'array', items: { type: ['string', 'number'] } },
  },
};

export const telegramFile = (environment: Environment): string =>
  join(
    environment.XDG_CONFIG_HOME || join(environment.HOME || homedir(), '.config'),
    'gridfarm',
    'telegram.json',
  );

function telegramTargets(entry: NotifyEntry, where: string, environment: Environment): Target[] {
  const variable = entry.variable ?? variables.telegram;
  const fromEnvironment = entry.file === undefined ? environment[variable]?.trim() : undefined;
  let found: TelegramFile;
  if (fromEnvironment) {
    const chats = listed(environment.GRID_TELEGRAM_CHATS);
    if (chats.length === 0)
      throw new UsageError(
        `${where}: GRID_TELEGRAM_CHATS is not set: ids of the chats that are told, with commas between`,
      );
    found = { token: fromEnvironment, chats, users: listed(environment.GRID_TELEGRAM_USERS) };
  } else {
    const file = entry.file ?? telegramFile(environment);
    if (entry.file === undefined && statSync(file, { throwIfNoEntry: false }) === undefined)
      throw new UsageError(
        `${where}: the bot's token is neither in ${variable} nor in ${file} ({"token": "…", "chats": [ID]}); @BotFather gives one`,
      );
    try {
      found = checkedJson<TelegramFile>(readSecret(file, where), fileSchema, file);
    } catch (error) {
      // What is wrong with a value would say the value.
      if (error instanceof UsageError) throw error;
      throw new UsageError(`${where}: ${file} must be JSON like {"token": "…", "chats": [ID]}`);
    }
  }
  const { token, chats, users = [] } = found;
  if (!/^\d+:[\w-]+$/.test(token)) throw new UsageError(`${where}: that is no token of a bot: 123456:ABC…`);
  const wrong = chats.find(chat => !/^-?\d+$/.test(String(chat)));
  if (wrong !== undefined) throw new UsageError(`${where}: a chat is known by its number, got ${wrong}`);
  return chats.map(chat => ({
    ...{ to: 'telegram', chat: String(chat), users: users.map(String), token },
    apiRoot: environment.GRID_TELEGRAM_API || undefined,
  }));
}

/** @throws UsageError: it can't be read, or others can */
function readSecret(file: string, where: string): string {
  const path = file.startsWith('~/') ? join(homedir(), file.slice(2)) : file;
  try {
    if (process.platform !== 'win32' && (statSync(path).mode & 0o077) !== 0)
      throw new UsageError(`${where}: others can read ${file}: chmod 600 ${file}`);
    return readFileSync(path, 'utf8').trim();
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`${where}: ${file} can't be read: ${(error as Error).message}`, { cause: error });
  }
}
