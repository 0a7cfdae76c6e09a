/** What can be told, and how a place that it is told in behaves. */

/** Text for people, in pieces that each place marks up in its own way. */
export interface Message {
  title: string;
  lines: readonly string[];
  /** Lines of a table, whose columns line up. */
  table?: readonly string[];
}

export interface Notice {
  /** `digest`, or the kind of the news. */
  event: string;
  message: Message;
  /** For programs. */
  data: Readonly<Record<string, unknown>>;
  /** PNG. */
  picture?: Uint8Array;
  /** For places that take files. */
  file?: { name: string; content: Uint8Array };
  /** What may be asked for with one touch, where the bot answers. */
  actions?: readonly Action[];
}

export interface Action {
  label: string;
  /** As it would be written: `/pause`. At most 64 bytes. */
  command: string;
}

/**
 * A place where people are told: a chat, a channel, a program. One call at a time; each settles within `sendMs` of its signal's
 * life, and throws a `SendError` or any other error, after which the same notice is tried again later. No message of an error holds a secret.
 */
export interface Sender {
  /** Tells it from the others, and stays the same from one run to the next: the digest's id is kept under it. Holds no secret. */
  readonly name: string;
  /** Between two digests. */
  readonly gapMs: number;
  /** Whether `edit` exists for what `post` returned: a place that can't gets no digests, only news. */
  readonly edits: boolean;
  /** Returns what `edit` needs; null: nothing. */
  post(notice: Notice, signal: AbortSignal): Promise<string | null>;
  /** `gone`: there is no such message any more, or it can't be edited: it is posted anew. Unchanged text is no error. */
  edit(id: string, notice: Notice, signal: AbortSignal): Promise<'edited' | 'gone'>;
}

/** Why something could not be sent, in words for people. */
export class SendError extends Error {
  override readonly name = 'SendError';

  constructor(
    message: string,
    /** `final`: it never will be. `retryAfterMs`: nothing is to be sent before. */
    readonly how: { final?: boolean; retryAfterMs?: number } = {},
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** A place that answers nothing for so long is tried again later. */
export const sendMs = 30_000;
