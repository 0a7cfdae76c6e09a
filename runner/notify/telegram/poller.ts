/** Listens to what is written to a bot. Telegram lets one process at a time do so: the runners of a machine elect it by a lock. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Bot, type Context, GrammyError, InputFile } from 'grammy';
import { type HeldLock, LockHeldError, takeLock } from '../../../trainer/files/lock-file.js';
import type { Message } from '../sender.js';
import type { Target } from '../targets.js';
import { captionCharacters, htmlOf, textCharacters } from './sender.js';

/** A lock that another has, and Telegram when it can't be reached, are tried again after so long; another listener elsewhere later. */
const againMs = 5000;
const elsewhereMs = 60_000;
const pollSeconds = 25;
/** Telegram ends a poll later than it was asked to. */
const timeoutSeconds = 40;

export interface Reply {
  message: Message;
  picture?: Uint8Array;
}

interface TelegramBot {
  /** Its number: no secret. */
  id: string;
  token: string;
  apiRoot: string | undefined;
  chats: ReadonlySet<string>;
  users: ReadonlySet<string>;
}

/** The bots of these targets with all their chats. */
export function botsOf(targets: readonly Target[]): TelegramBot[] {
  const own = targets.filter(target => target.to === 'telegram');
  return [...new Set(own.map(({ token }) => token))].map(token => {
    const of = own.filter(target => target.token === token);
    return {
      ...{ token, id: token.split(':')[0]!, apiRoot: of[0]!.apiRoot },
      chats: new Set(of.map(({ chat }) => chat)),
      users: new Set(of.flatMap(({ users }) => users)),
    };
  });
}

export interface PollerOptions {
  bot: TelegramBot;
  lockFile: string;
  /** Of a text that begins with a command. */
  answer(text: string, maySteer: boolean): Promise<Reply>;
  /** Of a text that replies to another message, `CHAT:MESSAGE`; null: that one asked nothing. */
  replied?(to: string, text: string): Promise<Reply | null>;
  say(words: string): void;
}

export class Poller {
  readonly #options: PollerOptions;
  readonly #ended = new AbortController();
  readonly #working: Promise<void>;
  #bot: Bot | undefined;

  constructor(options: PollerOptions) {
    this.#options = options;
    this.#working = this.#work();
  }

  async close(): Promise<void> {
    this.#ended.abort();
    // It confirms what it has heard, so that the next listener doesn't hear it again; if that takes long, it may.
    await Promise.race([this.#bot?.stop().catch(() => {}), sleep(2000, undefined, { ref: false })]);
    await Promise.race([this.#working, sleep(2000, undefined, { ref: false })]);
  }

  async #work(): Promise<void> {
    const { lockFile } = this.#options;
    while (!this.#ended.signal.aborted) {
      let lock: HeldLock | undefined;
      try {
        lock = await takeLock(lockFile, { patienceMs: 0 });
        if (!(await this.#listen())) return;
      } catch (error) {
        if (!(error instanceof LockHeldError))
          return this.#options.say(`the bot can't listen: ${(error as Error).message}`);
        await this.#pause(againMs);
      } finally {
        lock?.release();
      }
    }
  }

  /** False: it never can. */
  async #listen(): Promise<boolean> {
    const { bot: own, say } = this.#options;
    let isSaid = false;
    while (!this.#ended.signal.aborted) {
      const bot = new Bot(own.token, {
        client: { timeoutSeconds, ...(own.apiRoot !== undefined && { apiRoot: own.apiRoot }) },
      });
      bot.on('message:text', context => this.#hear(context, context.message.text));
      bot.on('callback_query:data', async context => {
        // The button stops turning, whatever is answered.
        await context.answerCallbackQuery().catch(() => {});
        await this.#hear(context, context.callbackQuery.data);
      });
      bot.catch(() => {});
      this.#bot = bot;
      try {
        await bot.start({ timeout: pollSeconds, allowed_updates: ['message', 'callback_query'] });
        return true;
      } catch (error) {
        const code = error instanceof GrammyError ? error.error_code : 0;
        if (code === 401) {
          say('the bot can’t listen: Telegram does not take the token');
          return false;
        }
        if (code === 409 && !isSaid)
          say(
            'the bot can’t listen: another program listens with the same token; it goes on telling, and tries again',
          );
        isSaid ||= code === 409;
        await this.#pause(code === 409 ? elsewhereMs : againMs);
      }
    }
    return true;
  }

  async #hear(context: Context, text: string): Promise<void> {
    const { bot, answer } = this.#options;
    const { chat, from } = context;
    // Whoever isn't listed gets no word: not even that there is somebody.
    if (chat === undefined || from === undefined || !bot.chats.has(String(chat.id))) return;
    const maySteer = chat.type === 'private' || bot.users.has(String(from.id));
    const asked = context.message?.reply_to_message?.message_id;
    const reply = text.startsWith('/')
      ? await answer(text, maySteer)
      : asked === undefined || !maySteer
        ? null
        : await this.#options.replied?.(`${chat.id}:${asked}`, text);
    if (!reply) return;
    const { message, picture } = reply;
    if (picture === undefined)
      await context.reply(htmlOf(message, textCharacters), {
        ...{ parse_mode: 'HTML', link_preview_options: { is_disabled: true } },
      });
    else
      await context.replyWithPhoto(new InputFile(picture, 'curves.png'), {
        ...{ caption: htmlOf(message, captionCharacters), parse_mode: 'HTML' },
      });
  }

  #pause = (ms: number) => sleep(ms, undefined, { signal: this.#ended.signal }).catch(() => {});
}
