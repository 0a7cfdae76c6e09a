import type { Schema } from '../../trainer/contract/schema.js';
import type { Farm } from '../agents/server/farm.js';
import { GridfarmError } from '../domain/error.js';

/** Keys of every entry whose slots agents bring: where they are awaited, beside 127.0.0.1. */
export interface ListeningKeys {
  listen?: string;
  certificate?: string;
  key?: string;
  insecure?: boolean;
}

const pemFile = (description: string): Schema => ({ type: 'string', minLength: 1, description });

export const listeningKeys: Record<keyof ListeningKeys, Schema> = {
  listen: {
    type: 'string',
    pattern: '^(\\[[0-9A-Fa-f:]+\\]|[^:\\[\\]]+):[0-9]{1,5}$',
    description: 'HOST:PORT on which agents are awaited, beside 127.0.0.1: 0.0.0.0:7463',
  },
  certificate: pemFile('PEM file of the certificate for TLS, with key'),
  key: pemFile('PEM file of the key of the certificate'),
  insecure: {
    type: 'boolean',
    description: 'From machine to machine without TLS: tokens and results can be read on the way',
  },
};

/** @throws GridfarmError with words for the user */
export async function awaitAgents(
  farm: Farm,
  { listen, certificate, key, insecure = false }: ListeningKeys,
): Promise<void> {
  if ((certificate === undefined) !== (key === undefined))
    throw new GridfarmError(
      'grid',
      `${certificate === undefined ? 'key' : 'certificate'} alone is no TLS: certificate and key belong together`,
    );
  const tls = certificate === undefined || key === undefined ? null : { certificate, key };
  await farm.localUrl();
  if (listen !== undefined) await farm.listen({ address: listen, tls, insecure });
}
