/** Asks the chats what they expect of a run; who replies to that is noted with its cells. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Target } from '../targets.js';
import type { Reply } from './poller.js';
import { asSendError, telegramApi } from './sender.js';

const againMs = 10_000;
const tries = 10;

export class AskedComment {
  /** By `CHAT:MESSAGE`: the cells that were asked for. */
  readonly #asked = new Map<string, readonly string[]>();
  readonly #ended = new AbortController();

  constructor(
    private readonly grid: string,
    private readonly targets: readonly Target[],
    private readonly note: (cells: readonly string[], text: string) => void,
  ) {}

  /** A chat that can't be reached is asked again for a while; nothing waits for it. */
  async ask(cells: readonly string[]): Promise<void> {
    const chats = this.targets.filter(target => target.to === 'telegram');
    await Promise.all(
      chats.map(async ({ chat, token, apiRoot }) => {
        const api = telegramApi({ token, apiRoot });
        const words = `${this.grid} has begun. What do you expect of it? A reply to this is kept with its cells.`;
        for (let attempt = 1; attempt <= tries && !this.#ended.signal.aborted; attempt++) {
          try {
            const { message_id } = await api.sendMessage(chat, words, {
              reply_markup: { force_reply: true, input_field_placeholder: 'what you expect' },
            });
            this.#asked.set(`${chat}:${message_id}`, cells);
            return;
          } catch (error) {
            const { how } = asSendError(error);
            if (how.final) return;
            await sleep(how.retryAfterMs ?? againMs, undefined, { signal: this.#ended.signal }).catch(
              () => {},
            );
          }
        }
      }),
    );
  }

  async replied(to: string, text: string): Promise<Reply | null> {
    const cells = this.#asked.get(to);
    if (cells === undefined) return null;
    this.note(cells, text);
    return {
      message: {
        title: 'Noted',
        lines: [`with ${cells.length} cell${cells.length === 1 ? '' : 's'} of ${this.grid}`],
      },
    };
  }

  close(): void {
    this.#ended.abort();
  }
}
