import type { Sender } from '../sender.js';
import { escaped, messageText, shortened } from '../text.js';
import { send } from './post.js';

/** https://api.slack.com/reference/block-kit/blocks: a header takes 150 characters, a section 3,000. */
const titleCharacters = 150;
const sectionCharacters = 2800;

/** An incoming webhook of Slack: what was posted can't be edited. */
export const slackSender = (name: string, url: string): Sender => ({
  name,
  gapMs: 1000,
  edits: false,
  async post({ message }, signal) {
    const { title, lines, table } = shortened(message, sectionCharacters);
    const text = [
      ...lines.map(escaped),
      ...(table === undefined ? [] : ['```', ...table.map(escaped), '```']),
    ].join('\n');
    const header = { type: 'header', text: { type: 'plain_text', text: title.slice(0, titleCharacters) } };
    const section = { type: 'section', text: { type: 'mrkdwn', text: text.slice(0, 2 * sectionCharacters) } };
    const blocks = text === '' ? [header] : [header, section];
    await send(url, { body: JSON.stringify({ text: messageText({ title, lines }), blocks }), signal });
    return null;
  },
  edit: async () => 'gone',
});
