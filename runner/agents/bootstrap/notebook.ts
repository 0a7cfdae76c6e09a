import { gzipSync } from 'node:zlib';
import { type BootstrapOptions, bootstrapScript } from './script.js';

export interface NotebookOptions extends Omit<BootstrapOptions, 'token' | 'nameFrom' | 'setup'> {
  /** Good for one agent, and in the cell for everybody to read; null: the cell takes `GRID_TOKEN` of the notebook, or asks. */
  token: string | null;
}

/**
 * Python (3.8 or newer, nothing but its own modules) for a cell of a notebook, whose machine becomes an agent while the cell runs. What
 * the agent says is shown below it. The kernel's interrupt (the stop button) ends the agent as Ctrl-C does, a third one kills it; a
 * kernel that dies takes it along. The cell fails with words for the user where nothing comes of it.
 */
export function notebookCell({ token, ...options }: NotebookOptions): string {
  const script = gzipSync(bootstrapScript({ ...options, token: null }), { level: 9 });
  const lines = script.toString('base64').match(/.{1,120}/g)!;
  const server = options.server.replace(/\/+$/, '');
  return `# Makes this notebook's machine an agent of a grid run: ${server.replaceAll(/[^\x20-\x7e]/g, '?')} (printed by \`grid agent --notebook\`)
# Colab: without paid compute units its rules forbid "running distributed computing workers", and this is one: use a paid runtime.
# Kaggle: turn on Internet in the notebook's settings, which takes an account with a verified phone, and keep the notebook private. A person
# has one account there, and shares code within one competition team alone; competitions may forbid Internet in what is submitted.
# The stop button ends the agent, which keeps what it is at: run the cell again, and it goes on. The end of the session loses it, but not
# the checkpoints that were sent by then: give \`--hours\`, and the agent hands its cells on in time.
${token === null ? tokenIsAsked : tokenIsHere}
def become_agent(server, token, script):
    import base64, ctypes, getpass, gzip, os, signal, subprocess, sys, urllib.error, urllib.request

    if os.name != "posix":
        raise RuntimeError("Gridfarm: agents in notebooks need Linux or macOS; here, run \`grid agent\` in a terminal")
    try:
        urllib.request.urlopen(server + "/v1/", timeout=30)
    except urllib.error.HTTPError:
        pass  # It is there: the token comes with the questions after this one.
    except OSError as error:
        raise RuntimeError(
            "Gridfarm: this notebook doesn't reach %s: %s. Is \`grid run\` running, with \`backend: agents\` in its slots file, and is that its"
            " address from here? Does the notebook have Internet (Kaggle: Settings, Internet)?" % (server, getattr(error, "reason", error))
        ) from None
    token = token or os.environ.get("GRID_TOKEN") or getpass.getpass("Token, as \`grid token new\` printed it: ")
    # Its Python is the one whose TensorFlow is taken.
    path = os.path.dirname(sys.executable) + os.pathsep + os.environ.get("PATH", os.defpath)
    libc = ctypes.CDLL(None)
    process = subprocess.Popen(
        ["sh", "-c", gzip.decompress(base64.b64decode(script)).decode()],
        env=dict(os.environ, GRID_TOKEN=token.strip(), PATH=path),
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace",
        start_new_session=True,
        # PR_SET_PDEATHSIG: a kernel that is killed leaves no agent behind.
        preexec_fn=(lambda: libc.prctl(1, signal.SIGTERM)) if sys.platform == "linux" else None,
    )
    interrupts = 0
    while True:
        try:
            for line in process.stdout:
                print(line, end="", flush=True)
            code = process.wait()
            break
        except KeyboardInterrupt:
            interrupts += 1
            try:
                os.killpg(process.pid, signal.SIGINT if interrupts < 3 else signal.SIGKILL)
            except ProcessLookupError:
                pass
    if interrupts > 0:
        print("Gridfarm: the agent has ended, and keeps what it was at on this machine: run the cell again, and it goes on")
    elif code != 0:
        raise RuntimeError(
            "Gridfarm: the agent ended with exit code %d; why, it said last. For a token that isn't valid, or another version,"
            " print the cell anew: grid agent --notebook" % code
        )


become_agent(${JSON.stringify(server)}, ${token === null ? 'None' : JSON.stringify(token)}, """
${lines.join('\n')}
""")
`;
}

const tokenIsHere =
  '# The token at the end lets in one agent, once: each new session of the notebook takes a cell that is printed anew.';
const tokenIsAsked =
  '# It takes its token from GRID_TOKEN of the environment, or asks for it: nothing secret is in this cell.';
