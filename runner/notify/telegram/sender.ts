import { Api, GrammyError, InputFile } from 'grammy';
import { type Message, type Notice, SendError, type Sender } from '../sender.js';
import { escaped, shortened } from '../text.js';

/** Characters without the marks: https://core.telegram.org/bots/api#sendmessage, #sendphoto */
export const textCharacters = 4096;
export const captionCharacters = 1024;
const timeoutSeconds = 30;
/** Edits that come sooner earn pauses of minutes; groups take 20 messages a minute. */
const privateGapMs = 15_000;
const groupGapMs = 30_000;

export interface TelegramOptions {
  token: string;
  /** Of another server that speaks the Bot API; undefined: Telegram's. */
  apiRoot?: string | undefined;
}

export const telegramApi = ({ token, apiRoot }: TelegramOptions): Api =>
  new Api(token, { timeoutSeconds, ...(apiRoot !== undefined && { apiRoot }) });

/** A chat with Telegram's bot of that token. Ids of messages are `CHAT:MESSAGE`: a group that becomes a supergroup gets another id. */
export function telegramSender(chat: string, options: TelegramOptions): Sender {
  const api = telegramApi(options);
  let current = chat;
  /** Runs the call again in the chat that a group has become. */
  async function inChat<T>(id: string, call: (chat: string) => Promise<T>): Promise<T> {
    try {
      return await call(id);
    } catch (error) {
      const moved = error instanceof GrammyError ? error.parameters.migrate_to_chat_id : undefined;
      if (moved === undefined) throw asSendError(error);
      current = String(moved);
      return call(current).catch(again => {
        throw asSendError(again);
      });
    }
  }
  return {
    name: `telegram ${chat}`,
    gapMs: chat.startsWith('-') ? groupGapMs : privateGapMs,
    edits: true,
    async post(notice, signal) {
      const { message_id } = await inChat<{ message_id: number }>(current, id =>
        notice.picture === undefined
          ? api.sendMessage(
              id,
              htmlOf(notice.message, textCharacters),
              asHtml(notice),
              asGrammySignal(signal),
            )
          : api.sendPhoto(
              id,
              new InputFile(notice.picture, 'curves.png'),
              { caption: htmlOf(notice.message, captionCharacters), parse_mode: 'HTML', ...keyboard(notice) },
              asGrammySignal(signal),
            ),
      );
      if (notice.file !== undefined) {
        // The message has arrived: that its file hasn't is no reason to send it again.
        const { name, content } = notice.file;
        await api
          .sendDocument(current, new InputFile(content, name), {}, asGrammySignal(signal))
          .catch(() => {});
      }
      return `${current}:${message_id}`;
    },
    async edit(id, notice, signal) {
      const [ofChat = '', ofMessage] = id.split(':');
      current = ofChat;
      try {
        await inChat(ofChat, chat =>
          api.editMessageText(
            ...([chat, Number(ofMessage), htmlOf(notice.message, textCharacters)] as const),
            { parse_mode: 'HTML', link_preview_options: { is_disabled: true }, ...keyboard(notice) },
            asGrammySignal(signal),
          ),
        );
        return 'edited';
      } catch (error) {
        if (isNotModified(error)) return 'edited';
        if (isGone(error)) return 'gone';
        throw error;
      }
    },
  };
}

/** grammY has its own type of Node's signal. */
const asGrammySignal = (signal: AbortSignal) => signal as unknown as Parameters<Api['getMe']>[0];

/** Buttons below a message; what they send is at most 64 bytes. */
const keyboard = ({ actions = [] }: Notice) =>
  actions.length === 0
    ? {}
    : {
        reply_markup: {
          inline_keyboard: [actions.map(({ label, command }) => ({ text: label, callback_data: command }))],
        },
      };

const asHtml = (notice: Notice) => ({
  ...keyboard(notice),
  parse_mode: 'HTML' as const,
  link_preview_options: { is_disabled: true },
  // The digest is looked at; news ring.
  disable_notification: notice.event === 'digest',
});

/** Telegram's HTML: https://core.telegram.org/bots/api#html-style */
export function htmlOf(message: Message, characters: number): string {
  const { title, lines, table } = shortened(message, characters);
  return [
    `<b>${escaped(title)}</b>`,
    ...lines.map(escaped),
    ...(table === undefined ? [] : [`<pre>${table.map(escaped).join('\n')}</pre>`]),
  ].join('\n');
}

const described = (error: unknown) =>
  error instanceof SendError && error.cause instanceof GrammyError ? error.cause.description : '';
const isNotModified = (error: unknown) => /message is not modified/i.test(described(error));
const isGone = (error: unknown) =>
  /message to edit not found|message can.t be edited|MESSAGE_ID_INVALID/i.test(described(error));

/** In words without the token. */
export function asSendError(error: unknown): SendError {
  if (!(error instanceof GrammyError))
    return new SendError("Telegram can't be reached", {}, { cause: error });
  const { error_code: code, description, parameters } = error;
  const cause = { cause: error };
  if (code === 429)
    return new SendError('wants patience', { retryAfterMs: 1000 * (parameters.retry_after ?? 30) }, cause);
  if (code === 401)
    return new SendError(
      'Telegram no longer takes the token: it was revoked; @BotFather has the new one',
      { final: true },
      cause,
    );
  if (code === 403)
    return new SendError(`the chat is closed to the bot (${description})`, { final: true }, cause);
  if (code === 400 && /chat not found/i.test(description))
    return new SendError('there is no such chat, or the bot is not in it', { final: true }, cause);
  return new SendError(`Telegram answers ${code} (${description})`, {}, cause);
}
