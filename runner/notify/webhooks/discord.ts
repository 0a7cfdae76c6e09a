import { type Notice, SendError, type Sender } from '../sender.js';
import { shortened } from '../text.js';
import { send } from './post.js';

/** https://discord.com/developers/docs/resources/message: 2,000 characters of content. */
const contentCharacters = 2000;

/** What people write may not ping others. */
const pingsNobody = { parse: [] };

function contentOf({ message }: Notice): string {
  const { title, lines, table } = shortened(message, contentCharacters, 60);
  const code = table === undefined ? [] : ['```', ...table.map(line => line.replaceAll('```', "'''")), '```'];
  return [`**${title}**`, ...lines, ...code].join('\n').slice(0, contentCharacters);
}

/** A webhook of a Discord channel; what it has posted it can edit. */
export const discordSender = (name: string, url: string): Sender => ({
  name,
  gapMs: 15_000,
  edits: true,
  async post(notice, signal) {
    const payload = JSON.stringify({ content: contentOf(notice), allowed_mentions: pingsNobody });
    const address = new URL(url);
    address.searchParams.set('wait', 'true');
    const answer = await send(address.href, { body: bodyOf(payload, notice), signal });
    const { id } = (answer ?? {}) as { id?: unknown };
    return typeof id === 'string' ? id : null;
  },
  async edit(id, notice, signal) {
    const address = new URL(url);
    address.pathname += `/messages/${encodeURIComponent(id)}`;
    const body = JSON.stringify({ content: contentOf(notice), allowed_mentions: pingsNobody });
    try {
      await send(address.href, { method: 'PATCH', body, signal });
      return 'edited';
    } catch (error) {
      // The message is; whether the webhook is, the next post shows.
      if (error instanceof SendError && error.how.final) return 'gone';
      throw error;
    }
  },
});

function bodyOf(payload: string, { picture, file }: Notice): string | FormData {
  if (picture === undefined && file === undefined) return payload;
  const form = new FormData();
  form.set('payload_json', payload);
  if (picture !== undefined)
    form.set('files[0]', new Blob([Uint8Array.from(picture)], { type: 'image/png' }), 'curves.png');
  if (file !== undefined) form.set('files[1]', new Blob([Uint8Array.from(file.content)]), file.name);
  return form;
}
