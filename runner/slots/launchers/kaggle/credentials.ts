import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { shape, text } from '../../../../trainer/contract/shape.js';
import { checkedJson } from '../../../../trainer/files/checked-json.js';
import { GridfarmError } from '../../../domain/error.js';

export interface Credentials {
  /** Value of the header `Authorization`. */
  authorization: string;
  /** Whose they are; undefined: a token, which Kaggle tells it of. */
  user?: string;
  token?: string;
  /** Where they are from, for messages. */
  origin: string;
}

/**
 * In the order of Kaggle's own program: `KAGGLE_API_TOKEN` (a token, or its file), `access_token` or `access_token.txt` of the folder,
 * `KAGGLE_USERNAME` with `KAGGLE_KEY`, `kaggle.json`. With a profile, its folder alone: the environment's are one person's, whatever
 * the entry.
 *
 * @throws GridfarmError `environment` if there are none
 */
export function readCredentials(profile: string | undefined, environment: NodeJS.ProcessEnv): Credentials {
  const folder = (profile ?? (environment.KAGGLE_CONFIG_DIR || '~/.kaggle')).replace(/^~(?=\/|$)/, homedir());
  const { KAGGLE_API_TOKEN, KAGGLE_USERNAME, KAGGLE_KEY } = profile === undefined ? environment : {};
  if (KAGGLE_API_TOKEN) return ofToken(textOf(KAGGLE_API_TOKEN) ?? KAGGLE_API_TOKEN, 'KAGGLE_API_TOKEN');
  for (const name of ['access_token', 'access_token.txt']) {
    const token = textOf(join(folder, name));
    if (token) return ofToken(token, join(folder, name));
  }
  if (KAGGLE_USERNAME && KAGGLE_KEY) return ofKey(KAGGLE_USERNAME, KAGGLE_KEY, 'KAGGLE_KEY');
  const file = join(folder, 'kaggle.json');
  const json = textOf(file);
  if (json !== undefined) return ofFile(json, file);
  throw new GridfarmError(
    'environment',
    `no credentials of Kaggle in ${folder}: expected access_token or kaggle.json there; make one at https://www.kaggle.com/settings (API), and save it with mode 600`,
  );
}

const ofToken = (token: string, origin: string): Credentials => ({
  ...{ authorization: `Bearer ${token}`, token, origin },
});

const ofKey = (user: string, key: string, origin: string): Credentials => ({
  ...{ authorization: `Basic ${Buffer.from(`${user}:${key}`).toString('base64')}`, user, origin },
});

function ofFile(json: string, file: string): Credentials {
  try {
    const { username, key } = checkedJson<KeyFile>(json, keyFileSchema, file);
    return ofKey(username, key, file);
  } catch (cause) {
    // Without its content: that is secret.
    throw new GridfarmError(
      'environment',
      `${file}: expected {"username": …, "key": …}, as Kaggle gives it out`,
      {
        cause,
      },
    );
  }
}

interface KeyFile {
  username: string;
  key: string;
}
const keyFileSchema = shape<KeyFile>({ username: text, key: text });

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return undefined;
  }
}
