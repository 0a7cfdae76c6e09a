/** How a bot comes to know the chat that it is to tell: by a code that only who sees this terminal knows. */
import { randomInt, timingSafeEqual } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Api, GrammyError } from 'grammy';
import { UsageError } from '../../domain/error.js';
import { asSendError } from './sender.js';

const pollSeconds = 10;
const againMs = 3000;
/** Without letters and digits that look alike. */
const alphabet = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ';
const codeLength = 8;

export interface Paired {
  chat: string;
  /** Who wrote the code. */
  user: string;
  /** For people: a name, or that of the group. */
  name: string;
  isGroup: boolean;
}

export const pairingCode = (): string =>
  Array.from({ length: codeLength }, () => alphabet[randomInt(alphabet.length)]).join('');

/** Its name, after the @. @throws UsageError in words without the token */
export async function botName(api: Api): Promise<string> {
  try {
    return (await api.getMe()).username;
  } catch (error) {
    throw new UsageError(`telegram setup: ${asSendError(error).message}`);
  }
}

/**
 * The chat in which somebody writes the code, alone or after a command (`/start CODE`, `/pair CODE`). Who writes anything else is not
 * answered.
 *
 * @throws UsageError nobody wrote it in time; another listens; Telegram refuses
 */
export async function pair(api: Api, code: string, patienceMs: number): Promise<Paired> {
  const end = performance.now() + patienceMs;
  let offset: number | undefined;
  while (performance.now() < end) {
    const left = Math.max(0, Math.ceil((end - performance.now()) / 1000));
    try {
      const updates = await api.getUpdates({
        ...(offset === undefined
          ? { offset: -1, timeout: 0 }
          : { offset, timeout: Math.min(pollSeconds, left) }),
        allowed_updates: ['message'],
      });
      offset = updates.reduce((next, { update_id: id }) => Math.max(next, id + 1), offset ?? 0);
      for (const { message } of updates) {
        if (message?.from === undefined || !isCode(message.text ?? '', code)) continue;
        // Heard for good: the next listener doesn't hear the code again.
        await api.getUpdates({ offset, timeout: 0 }).catch(() => {});
        const { chat, from } = message;
        const name = chat.type === 'private' ? from.first_name : chat.title;
        return { chat: String(chat.id), user: String(from.id), name, isGroup: chat.type !== 'private' };
      }
    } catch (error) {
      const { message, how } = asSendError(error);
      if (error instanceof GrammyError && error.error_code === 409)
        throw new UsageError(
          'telegram setup: another program listens with the same token; end that one first',
        );
      if (how.final) throw new UsageError(`telegram setup: ${message}`);
      await sleep(Math.min(how.retryAfterMs ?? againMs, Math.max(0, end - performance.now())));
    }
  }
  throw new UsageError('telegram setup: nobody has written the code in time; nothing was changed');
}

function isCode(text: string, code: string): boolean {
  const word = Buffer.from((text.trim().split(/\s+/).at(-1) ?? '').toUpperCase());
  const expected = Buffer.from(code);
  return word.length === expected.length && timingSafeEqual(word, expected);
}

/** @throws UsageError */
export async function sendTest(api: Api, chat: string): Promise<void> {
  try {
    await api.sendMessage(
      chat,
      'Grids of `grid run --telegram` are told of here. /help says what else there is.',
    );
  } catch (error) {
    throw new UsageError(`telegram setup: the test message could not be sent: ${asSendError(error).message}`);
  }
}
