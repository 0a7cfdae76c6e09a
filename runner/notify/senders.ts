import type { Sender } from './sender.js';
import type { Target } from './targets.js';
import { telegramSender } from './telegram/sender.js';
import { discordSender } from './webhooks/discord.js';
import { genericSender } from './webhooks/generic.js';
import { slackSender } from './webhooks/slack.js';

type Makers = { [To in Target['to']]: (target: Extract<Target, { to: To }>) => Sender };

/** A new place: an entry here, and in the targets. */
const makers: Makers = {
  telegram: ({ chat, token, apiRoot }) => telegramSender(chat, { token, apiRoot }),
  slack: ({ name, url }) => slackSender(name, url),
  discord: ({ name, url }) => discordSender(name, url),
  webhook: ({ name, url, secret }) => genericSender(name, url, secret),
};

export const senderOf = (target: Target): Sender => (makers[target.to] as (target: Target) => Sender)(target);
