/** What the options of `grid agent` mean. */
import { createHash, randomUUID } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { atomicWrite } from '../../trainer/files/atomic-write.js';
import { httpTransport, type Transport } from '../agents/client/transport.js';
import { folderTransport } from '../agents/folder/folder-transport.js';
import { UsageError } from '../domain/error.js';
import type { Options } from './options.js';

export type AgentArguments = Options<
  | 'server'
  | 'sharedFolder'
  | 'tokenFile'
  | 'agentName'
  | 'agentHome'
  | 'sentData'
  | 'keepGb'
  | 'slots'
  | 'hours'
  | 'once'
  | 'allowCommand'
  | 'insecureServer'
  | 'uploadLimit'
  | 'notebook'
  | 'askToken'
>;

export function transportOf({ server, folder, insecure }: AgentArguments): Transport {
  if (folder !== undefined && server !== undefined)
    throw new UsageError('--server and --folder: one of them');
  if (folder !== undefined) return folderTransport(resolve(folder));
  if (server === undefined)
    throw new UsageError('grid agent: where is the `grid run`? --server URL, or --folder DIR');
  checkServer(server, insecure ?? false);
  return httpTransport(server);
}

/** @returns whether it is this machine. @throws UsageError */
export function checkServer(server: string, insecure: boolean): boolean {
  let url: URL;
  try {
    url = new URL(server);
  } catch {
    throw new UsageError(`--server ${server}: expected a URL such as https://box.example:7463`);
  }
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    throw new UsageError(`--server ${server}: expected http:// or https://`);
  const isHere = ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname);
  if (url.protocol === 'http:' && !isHere && !insecure)
    throw new UsageError(
      `--server ${server}: without TLS the token and the results can be read on the way; use https://, a tunnel that ends on 127.0.0.1, or --insecure`,
    );
  return isHere;
}

/** The token that an agent comes with: of one that is good for enrolling alone, what it was exchanged for. */
export class AgentToken {
  readonly #given: string;

  /** `file`: keeps what it is exchanged for. @throws UsageError */
  constructor(
    { tokenFile }: Pick<AgentArguments, 'tokenFile'>,
    environment: NodeJS.ProcessEnv,
    private readonly file: string,
  ) {
    this.#given = given(tokenFile, environment);
  }

  /** Another one that is given since takes the place of both. */
  get secret(): string {
    const [of, secret] = existsSync(this.file) ? readFileSync(this.file, 'utf8').split('\n') : [];
    return secret !== undefined && of === hashOf(this.#given) ? secret : this.#given;
  }

  keep(secret: string): void {
    writeFileSync(this.file, `${hashOf(this.#given)}\n${secret}\n`, { mode: 0o600 });
  }
}

function given(file: string | undefined, environment: NodeJS.ProcessEnv): string {
  let token = environment.GRID_TOKEN;
  if (file !== undefined)
    try {
      token = readFileSync(file, 'utf8');
    } catch (cause) {
      throw new UsageError(`--token-file ${file}: ${(cause as Error).message}`, { cause });
    }
  const text = token?.trim() ?? '';
  if (/^[\x21-\x7e]+$/.test(text)) return text;
  if (text !== '')
    throw new UsageError(
      `${file === undefined ? 'GRID_TOKEN' : `--token-file ${file}`}: expected one token, as \`grid token new\` prints it`,
    );
  throw new UsageError('grid agent: no token; `grid token new` makes one, for --token-file or GRID_TOKEN');
}

const hashOf = (text: string) => createHash('sha256').update(text).digest('hex');

export function idOf(file: string): string {
  if (!existsSync(file)) atomicWrite(file, randomUUID());
  return readFileSync(file, 'utf8').trim();
}

/** What a name may consist of, as the coordinator has it. */
export const nameOf = (text: string): string =>
  text.replaceAll(/[^A-Za-z0-9._-]/g, '-').replace(/^[^A-Za-z0-9]+/, '') || 'agent';
