/** Messages as text, kept within what a place takes. */
import type { Message } from './sender.js';

/** Without any mark-up. */
export const messageText = ({ title, lines, table = [] }: Message): string =>
  [title, ...lines, ...table].join('\n');

/** For places whose marks are in angle brackets: Telegram's HTML, Slack's mrkdwn. */
export const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/**
 * The message in at most so many characters: of the lines and of the table the last ones are left out, of a line that is too long its end.
 *
 * @param spare characters that marks take
 */
export function shortened(message: Message, characters: number, spare = 50): Message {
  let left = characters - spare;
  const take = (line: string): string | undefined => {
    if (left <= 1) return undefined;
    const taken = line.length < left ? line : `${line.slice(0, left - 2)}…`;
    left -= taken.length + 1;
    return taken;
  };
  const title = take(message.title) ?? '';
  const isTaken = (line: string | undefined) => line !== undefined;
  const lines = message.lines.map(take).filter(isTaken);
  const table = (message.table ?? []).map(take).filter(isTaken);
  return { title, lines, ...(table.length > 0 && { table }) };
}
