import { readFileSync } from 'node:fs';
import { findNode } from './find-node.js';
import type { InstallOrder } from './install.js';
import { quoted } from './shell.js';

export interface BootstrapOptions {
  /** Of the coordinator, as the machine reaches it; or a folder that both see, absolute. */
  server: string;
  /** Of the agent: a secret; null: `GRID_TOKEN` of the environment that the script runs in. */
  token: string | null;
  /** SHA-256 of the program's package (`VersionPackage.version`). */
  version: string;
  /** Where the coordinator's modules run; by default on machines as this one. */
  platform?: string;
  name?: string;
  /** Shell words that are evaluated there, in place of `name`. */
  nameFrom?: string;
  /** Folder of the agent there, absolute or `~/…`; by default `agent` in the cache, with `nameFrom` one of its own in `agents`. */
  home?: string;
  /** Text of the agent's slots file; by default it has none. */
  slotsFile?: string;
  /** More of `grid agent`. */
  arguments?: readonly string[];
  /** Lines of shell that run before anything else. */
  setup?: string;
  /** Runs `grid setup` there: the native engine. */
  setupEngine?: boolean;
}

/** How long an installer waits for a part of a file, or for a sign of another one. */
const patienceMs = 30_000;

/**
 * Text of a POSIX shell script (dash, busybox' ash) that gets this version onto the machine that it runs on, where it isn't there yet,
 * and becomes `grid agent` there, by `exec`. It takes no arguments. It contains the token, if it is given one: keep it as one.
 *
 * It ends with 69 where that can't be done, and says on stderr what was tried.
 */
export function bootstrapScript(options: BootstrapOptions): string {
  const {
    token,
    version,
    platform = ownPlatform(),
    name,
    nameFrom,
    setup = '',
    setupEngine = false,
  } = options;
  const server = options.server.replace(/\/+$/, '');
  // Many may run on one machine, or have one home folder on many.
  const ofName = nameFrom === undefined ? undefined : `"$cache/agents/${nameFrom}"`;
  const home = options.home === undefined && ofName ? ofName : homeWords(options.home ?? '$cache/agent');
  const order: Omit<InstallOrder, 'cache' | 'tokenFile'> = { server, version, platform, patienceMs };
  const nameWords = nameFrom === undefined ? name && quoted(name) : `"${nameFrom}"`;
  const tokenWords = token === null ? '"$GRID_TOKEN"' : quoted(token);
  const slots =
    options.slotsFile === undefined
      ? ''
      : `printf '%s\\n' ${quoted(options.slotsFile)} >"$home/slots.yaml" || die "can't write to $home"\n`;
  return `#!/bin/sh
# Becomes an agent of ${server.replaceAll(/[^\x20-\x7e]/g, '?')} with Gridfarm ${version}.${token === null ? '' : ' Contains a token: keep it to yourself.'}
# A function, so that nothing of a script that was cut short runs.
main() {
umask 077
: "\${HOME:=$(cd ~ && pwd)}"
say() { printf 'gridfarm: %s\\n' "$*" >&2; }
die() { say "$(uname -n): $*"; exit 69; }
${setup}
cache=\${GRID_CACHE:-\${XDG_CACHE_HOME:-$HOME/.cache}/gridfarm}
home=${home}
mkdir -p "$cache/node" "$home" || die "can't write to $cache: set GRID_CACHE to a folder on a disk that has room"
printf '%s\\n' ${tokenWords} >"$home/token.$$" && mv "$home/token.$$" "$home/token" || die "can't write to $home: make room there, or set GRID_CACHE to a folder of another disk"
unset GRID_TOKEN
${slots}${findNode}
find_node
cat >"$home/install.$$.mjs" <<'GRIDFARM_INSTALL' || die "can't write to $home"
${installer()}
GRIDFARM_INSTALL
order=$("$node" -e 'const [order, cache, tokenFile] = process.argv.slice(1); console.log(JSON.stringify({ ...JSON.parse(order), cache, tokenFile }))' ${quoted(JSON.stringify(order))} "$cache" "$home/token")
"$node" "$home/install.$$.mjs" "$order" </dev/null
status=$?
rm -f "$home/install.$$.mjs"
[ "$status" -eq 0 ] || exit 69
grid="$cache/versions/${version}/dist/runner/main.js"
${setupEngine ? `"$node" "$grid" setup </dev/null || say "$(uname -n): no native engine here; going on with the best that there is"\n` : ''}exec "$node" "$grid" agent ${server.startsWith('/') ? '--folder' : '--server'} ${quoted(server)} --token-file "$home/token" --home "$home" --sent-data "$cache/data"${nameWords ? ` --name ${nameWords}` : ''}${slots && ' --slots "$home/slots.yaml"'}${(options.arguments ?? []).map(word => ` ${quoted(word)}`).join('')}
}
main
`;
}

/** Quoted, but for what is found out there. */
function homeWords(home: string): string {
  if (home.startsWith('~/')) return `"$HOME"/${quoted(home.slice(2))}`;
  if (home.startsWith('$cache/')) return `"$cache"/${quoted(home.slice('$cache/'.length))}`;
  return quoted(home);
}

let text: string | undefined;

function installer(): string {
  text ??= readFileSync(new URL('./install.js', import.meta.url), 'utf8').replace(
    /\n\/\/# sourceMappingURL.*\s*$/,
    '',
  );
  return text;
}

/** `linux-x64-glibc` */
function ownPlatform(): string {
  const { header } = process.report.getReport() as { header?: { glibcVersionRuntime?: string } };
  const libc =
    process.platform !== 'linux' ? '' : header?.glibcVersionRuntime === undefined ? '-musl' : '-glibc';
  return `${process.platform}-${process.arch}${libc}`;
}
