/** Lines of POSIX shell that run on the host. What they answer are lines that begin with `gridfarm `. */
import { createHash } from 'node:crypto';

/** `$dir` is the agent's folder; `alive FILE` looks for the process whose id and start a file has, and sets `pid`. */
const prelude = (fleet: string) => `umask 077
dir="$HOME/.cache/gridfarm/agents/${fleet}"
started() {
  if [ -r "/proc/$1/stat" ]; then sed 's/.*) //' "/proc/$1/stat" | cut -d' ' -f20; else ps -o lstart= -p "$1"; fi 2>/dev/null
}
alive() { [ -r "$1" ] && read -r pid since <"$1" && [ -n "$since" ] && [ "$(started "$pid")" = "$since" ]; }
end_agent() {
  if alive "$dir/pid"; then kill -TERM "$pid" 2>/dev/null; fi
  tries=0
  while alive "$dir/pid" && [ "$tries" -lt 150 ]; do tries=$((tries + 1)); sleep 0.1; done
  if alive "$dir/pid"; then kill -KILL "$pid"; fi
  if alive "$dir/group"; then kill -KILL -- "-$pid"; fi
}
status() {
  # Whoever waits for an agent that has ended is about to write how.
  tries=0
  while [ -e "$dir/pid" ] && [ ! -e "$dir/exit" ] && ! alive "$dir/pid" && alive "$dir/group" && [ "$tries" -lt 100 ]; do tries=$((tries + 1)); sleep 0.1; done
  if alive "$dir/pid"; then
    if ps -o args= -p "$pid" 2>/dev/null | grep -q 'main.js agent'; then echo 'gridfarm state agent'; else echo 'gridfarm state starting'; fi
  elif [ -r "$dir/exit" ]; then echo "gridfarm state ended $(cat "$dir/exit")"
  elif [ -e "$dir/pid" ]; then echo 'gridfarm state gone'
  else echo 'gridfarm state none'; fi
  tail -n 5 "$dir/agent.log" 2>/dev/null | sed 's/^/gridfarm log /'
}
`;

/**
 * The first words with a host after it was out of touch. Ends the sshd that still holds the port of a connection that is no more, and
 * an agent that looks for the coordinator at another port.
 */
export const contactScript = (fleet: string, port: number): string => `${prelude(fleet)}
for program in setsid nohup tar sed cut; do command -v "$program" >/dev/null 2>&1 || echo "gridfarm missing $program"; done
mkdir -p "$dir" || exit 1
echo "gridfarm home $HOME"
if alive "$dir/forward"; then kill "$pid"; sleep 0.2; fi
rm -f "$dir/forward"
if alive "$dir/pid" && [ "$(cat "$dir/port" 2>/dev/null)" != ${port} ]; then end_agent; echo 'gridfarm orphan'; fi
status
`;

/** Lasts as long as the connection with the forwarded port; ends when its stdin does. */
export const forwardCommand = (fleet: string): string =>
  `exec sh -c '${`${prelude(fleet)}mkdir -p "$dir" && echo "$PPID $(started "$PPID")" >"$dir/forward" && echo "gridfarm forwarded" && exec cat >/dev/null`.replaceAll("'", "'\\''")}'`;

export const statusScript = (fleet: string): string => `${prelude(fleet)}status\n`;

export const stopScript = (fleet: string): string => `${prelude(fleet)}end_agent\nstatus\n`;

/** Starts the agent so that it outlives the connection and whoever started it, unless it is there already. */
export function startScript(fleet: string, port: number, slots: string, agent: string): string {
  // No line of the agent's script is this one.
  const end = `GRIDFARM_${createHash('sha256').update(agent).digest('hex').slice(0, 16)}`;
  return `${prelude(fleet)}
if alive "$dir/pid"; then status; exit 0; fi
mkdir -p "$dir" && rm -f "$dir/pid" "$dir/exit" "$dir/group" || exit 1
cat >"$dir/slots.json" <<'${end}' || exit 1
${slots}
${end}
cat >"$dir/agent.sh" <<'${end}' || exit 1
${agent}
${end}
cat >"$dir/run.sh" <<'${end}' || exit 1
${prelude(fleet)}
trap : TERM
sh "$dir/agent.sh" &
child=$!
echo "$$ $(started $$)" >"$dir/group"
echo "$child $(started $child)" >"$dir/pid.new" && mv "$dir/pid.new" "$dir/pid"
while :; do wait "$child"; code=$?; kill -0 "$child" 2>/dev/null || break; done
rm -f "$dir/agent.sh"
echo "$code" >"$dir/exit.new" && mv "$dir/exit.new" "$dir/exit"
${end}
echo ${port} >"$dir/port" || exit 1
[ ! -e "$dir/agent.log" ] || mv "$dir/agent.log" "$dir/agent.log.1"
setsid nohup sh "$dir/run.sh" </dev/null >"$dir/agent.log" 2>&1 &
tries=0
while [ ! -e "$dir/pid" ] && [ "$tries" -lt 100 ]; do tries=$((tries + 1)); sleep 0.1; done
status
`;
}

/** What a script answered. */
export interface HostAnswer {
  /** `agent`: it runs; `starting`: what becomes one; `gone`: it ended without a word; `none`: there never was one. */
  state: 'agent' | 'starting' | 'ended' | 'gone' | 'none' | undefined;
  /** Of one that has ended. */
  exitCode: number | undefined;
  home: string | undefined;
  missing: string[];
  /** The end of its log. */
  log: string;
}

/** What a login shell writes as well is passed over. */
export function parseAnswer(stdout: string): HostAnswer {
  const answers = stdout.split('\n').flatMap(line => {
    const match = /^gridfarm (\w+) ?(.*)$/.exec(line);
    return match === null ? [] : [{ kind: match[1]!, value: match[2]! }];
  });
  const all = (kind: string) => answers.filter(answer => answer.kind === kind).map(({ value }) => value);
  const [state, code] = all('state').at(-1)?.split(' ') ?? [];
  return {
    state: states.find(name => name === state),
    exitCode: code === undefined ? undefined : Number(code),
    home: all('home').at(-1),
    missing: all('missing'),
    log: all('log').join('\n'),
  };
}

const states = ['agent', 'starting', 'ended', 'gone', 'none'] as const;
