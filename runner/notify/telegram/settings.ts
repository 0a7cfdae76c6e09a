/** What is known of a bot and its chats, in a file that only its owner can read. */
import { readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Schema } from '../../../trainer/contract/schema.js';
import { atomicWrite } from '../../../trainer/files/atomic-write.js';
import { checkedJson } from '../../../trainer/files/checked-json.js';
import { UsageError } from '../../domain/error.js';

/** Variables of the environment; `api`: another server that speaks the Bot API. */
export const telegramVariables = {
  token: 'GRID_TELEGRAM_TOKEN',
  chats: 'GRID_TELEGRAM_CHATS',
  api: 'GRID_TELEGRAM_API',
} as const;

export interface TelegramSettings {
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

export const telegramFile = (environment: Readonly<Record<string, string | undefined>>): string =>
  join(
    environment.XDG_CONFIG_HOME || join(environment.HOME || homedir(), '.config'),
    'gridfarm',
    'telegram.json',
  );

export const isToken = (text: string): boolean => /^\d+:[\w-]+$/.test(text);

/** Undefined: there is no such file. @throws UsageError without what is in it */
export function readTelegramFile(file: string, where: string): TelegramSettings | undefined {
  if (statSync(ofHome(file), { throwIfNoEntry: false }) === undefined) return undefined;
  const text = readSecret(file, where);
  try {
    return checkedJson<TelegramSettings>(text, fileSchema, file);
  } catch {
    // What is wrong with a value would say the value.
    throw new UsageError(`${where}: ${file} must be JSON like {"token": "…", "chats": [ID]}`);
  }
}

export const keepTelegram = (file: string, settings: TelegramSettings): void =>
  atomicWrite(file, `${JSON.stringify(settings, null, 2)}\n`, { mode: 0o600 });

/** @throws UsageError: it can't be read, or others can */
export function readSecret(file: string, where: string): string {
  const path = ofHome(file);
  try {
    if (process.platform !== 'win32' && (statSync(path).mode & 0o077) !== 0)
      throw new UsageError(`${where}: others can read ${file}: chmod 600 ${file}`);
    return readFileSync(path, 'utf8').trim();
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`${where}: ${file} can't be read: ${(error as Error).message}`, { cause: error });
  }
}

const ofHome = (file: string) => (file.startsWith('~/') ? join(homedir(), file.slice(2)) : file);
