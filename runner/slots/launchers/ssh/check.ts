import { SshConnection } from './connection.js';
import { hostName, type SshEntry } from './entry.js';
import { quotedWord } from './quoted-word.js';
import { noSsh, troubleOf } from './words.js';

/** Of the version with its modules, the Node that it may need, and some room to work in. */
const neededMegabytes = 1000;

const script = ({ data, gpus }: SshEntry) => `
cache="\${GRID_CACHE:-\${XDG_CACHE_HOME:-$HOME/.cache}/gridfarm}"
has() { command -v "$1" >/dev/null 2>&1; }
lacks() { echo "gridfarm lacks $*"; }
for program in setsid nohup tar gzip sed; do has "$program" || lacks "no $program: install it there"; done
mkdir -p "$cache" 2>/dev/null && [ -w "$cache" ] || lacks "$cache can't be written to: set GRID_CACHE there"
free=$(df -Pk "$cache" 2>/dev/null | awk 'NR == 2 { print int($4 / 1024) }')
[ "\${free:-${neededMegabytes}}" -ge ${neededMegabytes} ] || lacks "$free MB are free in $cache, ${neededMegabytes} MB are needed: make room, or set GRID_CACHE there"
node=
for candidate in "$(command -v node)" "$cache"/node/*/bin/node "$HOME"/.nvm/versions/node/*/bin/node; do
  [ -x "$candidate" ] && "$candidate" -e 'process.exit(Number(process.versions.node.split(".")[0]) >= 20 ? 0 : 1)' 2>/dev/null && node=$candidate && break
done
if [ -z "$node" ]; then
  url=\${npm_config_registry:-https://registry.npmjs.org}
  if has curl; then curl -fsS -m 10 -o /dev/null "$url" 2>/dev/null && node=registry
  elif has wget; then wget -q -T 10 -O /dev/null "$url" 2>/dev/null && node=registry; fi
  [ -n "$node" ] || lacks "no Node 20 or newer, and no registry at $url to get it from: install Node there, or set npm_config_registry"
fi
${data === undefined ? '' : `folder=${dataWords(data)}\n[ -d "$folder" ] || lacks "no data folder $folder: mend data:, or leave it out, and the data is sent"`}
${gpus === undefined ? '' : "nvidia-smi -L >/dev/null 2>&1 || lacks 'no GPU that nvidia-smi shows: leave gpus out'"}
echo 'gridfarm checked'
`;

const dataWords = (data: string) =>
  data.startsWith('~/') ? `"$HOME"/${quotedWord(data.slice(2))}` : quotedWord(data);

/** What a host lacks to be one. Starts nothing there. */
export async function checkHost(entry: SshEntry, environment: NodeJS.ProcessEnv): Promise<string[]> {
  const connection = new SshConnection(entry, environment);
  try {
    const said = await connection.runApart(script(entry), 60_000);
    if (said.isMissing) return [noSsh.words];
    if (!said.stdout.includes('gridfarm checked')) return [troubleOf(said.words, entry).words];
    return [...said.stdout.matchAll(/^gridfarm lacks (.*)$/gm)].map(
      ([, words]) => `${hostName(entry)}: ${words}`,
    );
  } finally {
    connection.close();
  }
}
