import { join, resolve } from 'node:path';
import { notebookCell } from '../agents/bootstrap/notebook.js';
import { VersionPackage } from '../agents/package/version-package.js';
import { TokenFile } from '../agents/server/tokens.js';
import { UsageError } from '../domain/error.js';
import { tokensPath } from '../slots/open-farm.js';
import { loadSlotsFile } from '../slots/slots-file.js';
import { type AgentArguments, checkServer, nameOf } from './agent-options.js';
import type { CommandContext } from './context.js';
import { verbOptions } from './options.js';

/** `grid agent --notebook`: the cell on stdout, what is to be known of it on stderr. @throws UsageError, GridError */
export async function printNotebookCell(options: AgentArguments, context: CommandContext): Promise<void> {
  const { server, folder, tokenFile, askToken = false } = options;
  const results = resolve(options.results);
  if (folder !== undefined)
    throw new UsageError(
      '--notebook: the cell gets this version from `grid run` by --server; a notebook that shares a folder with it runs `grid agent --folder` in a terminal of its own',
    );
  if (tokenFile !== undefined)
    throw new UsageError(
      '--notebook: a token that lasts is not for a cell, which others may read; leave --token-file out (the cell gets a token that lets in one agent), or say --ask-token (it asks for one)',
    );
  if (server === undefined)
    throw new UsageError(
      '--notebook: where is `grid run` for the notebook? --server URL, e.g. https://box.example:7463, with `backend: agents` and that `listen:` in its slots file',
    );
  const isHere = checkServer(server, options.insecure ?? false);
  const slotsFile = options.slots === undefined ? undefined : await localSlots(options.slots);
  const { version } = await VersionPackage.open(join(results, 'cache/packages'));
  const name = options.name && nameOf(options.name);
  const token = askToken
    ? null
    : await new TokenFile(tokensPath(results)).add(name ?? 'notebook', { once: true });
  const { engine } = given(options, context.environment);
  const cell = notebookCell({
    server,
    token: token?.secret ?? null,
    version,
    // An engine that is asked for is there, or isn't.
    setupEngine: engine === undefined || engine === 'tensorflow',
    arguments: argumentsOf(options, context.environment),
    ...(name !== undefined && { name }),
    ...(slotsFile !== undefined && { slotsFile }),
    ...(options.home !== verbOptions.agentHome.default && { home: options.home }),
  });
  const say = (words: string) => context.stderr.write(`${words}\n`);
  context.stdout.write(cell);
  if (token !== null)
    say(
      `The cell holds a token that lets one agent in to grid runs of ${results}; \`grid token revoke ${token.id}\` takes it back.`,
    );
  if (isHere)
    say(
      `${server} is the notebook’s own machine: right where the notebook runs on this one, or a tunnel to it ends there.`,
    );
}

/** Variables of this machine’s environment say nothing of the notebook’s. */
function given({ data, engine }: AgentArguments, environment: NodeJS.ProcessEnv) {
  return {
    data: data === environment.GRID_DATA ? undefined : data,
    engine: engine === environment.GRID_ENGINE ? undefined : engine,
  };
}

/** As they are written for `grid agent` there. */
function argumentsOf(options: AgentArguments, environment: NodeJS.ProcessEnv): string[] {
  const { data, engine } = given(options, environment);
  const { hours, uploadLimit } = options;
  const valued = { data, engine, hours, 'upload-limit': uploadLimit };
  const flags = { once: options.once, 'allow-command': options.allowCommand, insecure: options.insecure };
  return [
    ...Object.entries(valued).flatMap(([name, value]) =>
      value === undefined ? [] : [`--${name}`, `${value}`],
    ),
    ...Object.entries(flags).flatMap(([name, isSet]) => (isSet ? [`--${name}`] : [])),
  ];
}

/** The slots file goes along: the notebook’s machine has no such file. @throws GridError, UsageError */
async function localSlots(file: string): Promise<string> {
  const entries = await loadSlotsFile(file);
  const others = entries.filter(({ backend }) => backend.name !== 'local').map(({ backend }) => backend.name);
  if (others.length > 0)
    throw new UsageError(
      `--slots ${file}: an agent offers slots of its own machine, backend: local; it has ${others.join(', ')}`,
    );
  const slots = entries.map(({ settings }) => ({ backend: 'local', ...(settings as object) }));
  return JSON.stringify({ slots });
}
