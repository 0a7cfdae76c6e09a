import type { Schema } from '../../trainer/contract/schema.js';

const notifyPlaces = ['telegram', 'slack', 'discord', 'webhook'] as const;

/** A place where people are told of a grid, as a slots file says. It holds no secret: those are in the environment or in files. */
export interface NotifyEntry {
  to: (typeof notifyPlaces)[number];
  /** Variable of the environment that holds the address of the webhook, or the bot's token. */
  variable?: string;
  /** File that only its owner can read, with the same. */
  file?: string;
  /** Of `webhook`: variable of the environment with the key of its signatures. */
  secretVariable?: string;
}

const variable = (words: string): Schema => ({
  type: 'string',
  pattern: '^[A-Za-z_][A-Za-z0-9_]*$',
  description: words,
});

export const notifySchema: Schema = {
  type: 'array',
  items: {
    type: 'object',
    required: ['to'],
    additionalProperties: false,
    properties: {
      to: { type: 'string', enum: notifyPlaces, description: 'where people are told' },
      variable: variable(
        'variable of the environment that holds the address of the webhook, or the bot’s token',
      ),
      file: {
        type: 'string',
        minLength: 1,
        description: 'file with the same, which only its owner can read',
      },
      secretVariable: variable('variable of the environment with the key of a webhook’s signatures'),
    },
  },
};
