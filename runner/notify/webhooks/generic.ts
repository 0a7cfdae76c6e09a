import { createHmac } from 'node:crypto';
import type { Sender } from '../sender.js';
import { messageText } from '../text.js';
import { send } from './post.js';

/**
 * Any program: a JSON object by POST, `{"event", "grid", "time", "text", …}`. With a secret the header `X-Gridfarm-Signature` is
 * `sha256=` and the HMAC-SHA256 of the body, hexadecimal.
 */
export const genericSender = (name: string, url: string, secret: string | undefined): Sender => ({
  name,
  gapMs: 1000,
  edits: false,
  async post({ event, message, data }, signal) {
    const time = new Date().toISOString();
    const body = JSON.stringify({ event, ...data, time, text: messageText(message) });
    const hmac = secret === undefined ? undefined : createHmac('sha256', secret).update(body).digest('hex');
    await send(url, {
      ...{ body, signal },
      headers: hmac === undefined ? {} : { 'x-gridfarm-signature': `sha256=${hmac}` },
    });
    return null;
  },
  edit: async () => 'gone',
});
