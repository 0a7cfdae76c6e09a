/** Where people are told, with its secrets: from the environment, or from files that only their owner can read. */
import { UsageError } from '../domain/error.js';
import type { NotifyEntry } from '../slots/notify-entries.js';
import {
  isToken,
  readSecret,
  readTelegramFile,
  type TelegramSettings,
  telegramFile,
  telegramVariables,
} from './telegram/settings.js';

export type Target =
  | { to: 'slack' | 'discord'; name: string; url: string }
  | { to: 'webhook'; name: string; url: string; secret: string | undefined }
  | { to: 'telegram'; chat: string; users: readonly string[]; token: string; apiRoot: string | undefined };

type Environment = Readonly<Record<string, string | undefined>>;

const variables = {
  telegram: telegramVariables.token,
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

function telegramTargets(entry: NotifyEntry, where: string, environment: Environment): Target[] {
  const variable = entry.variable ?? telegramVariables.token;
  const fromEnvironment = entry.file === undefined ? environment[variable]?.trim() : undefined;
  const {
    token,
    chats,
    users = [],
  } = fromEnvironment
    ? ofEnvironment(fromEnvironment, environment, where)
    : ofFile(entry.file, variable, environment, where);
  if (!isToken(token)) throw new UsageError(`${where}: that is no token of a bot: 123456:ABC…`);
  const wrong = chats.find(chat => !/^-?\d+$/.test(String(chat)));
  if (wrong !== undefined) throw new UsageError(`${where}: a chat is known by its number, got ${wrong}`);
  return chats.map(chat => ({
    ...{ to: 'telegram', chat: String(chat), users: users.map(String), token },
    apiRoot: environment[telegramVariables.api] || undefined,
  }));
}

const listed = (text = '') => text.split(/[\s,]+/).filter(each => each !== '');

function ofEnvironment(token: string, environment: Environment, where: string): TelegramSettings {
  const chats = listed(environment[telegramVariables.chats]);
  if (chats.length === 0)
    throw new UsageError(
      `${where}: ${telegramVariables.chats} is not set: ids of the chats that are told, with commas between`,
    );
  return { token, chats, users: listed(environment.GRID_TELEGRAM_USERS) };
}

function ofFile(
  given: string | undefined,
  variable: string,
  environment: Environment,
  where: string,
): TelegramSettings {
  const file = given ?? telegramFile(environment);
  const found = readTelegramFile(file, where);
  if (found !== undefined) return found;
  if (given !== undefined) throw new UsageError(`${where}: ${file} can't be read: there is no such file`);
  throw new UsageError(
    `${where}: the bot's token is neither in ${variable} nor in ${file}; \`grid telegram setup\` writes it`,
  );
}
