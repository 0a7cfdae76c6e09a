/** Keys of an entry `backend: kaggle`. */
export interface KaggleEntry {
  server: string;
  profile?: string;
  accelerator?: string;
  max?: number;
  hours?: number;
  datasets?: string[];
  data?: string;
}

export const noAccelerator = 'none';
export const acceleratorOf = ({ accelerator = 'NvidiaTeslaT4' }: KaggleEntry) => accelerator;

/** Left of a session for the running epoch, and for what is under way to the coordinator. */
const leastMarginSeconds = 600;

/** When its agent hands its cells on, in hours. */
export const agentHours = (sessionSeconds: number): string =>
  `${Number(((sessionSeconds - Math.min(leastMarginSeconds, sessionSeconds / 4)) / 3600).toFixed(4))}`;

/** What SaveKernel is sent: pushes a kernel, and runs it. */
export const kernelRequest = (
  entry: KaggleEntry,
  kernel: { user: string; slug: string; sessionSeconds: number; script: string },
): object => ({
  slug: `${kernel.user}/${kernel.slug}`,
  // Kaggle makes the slug of it.
  newTitle: kernel.slug,
  text: kernelText(entry, kernel.script),
  language: 'python',
  kernelType: 'script',
  isPrivate: true,
  // Its default isn't the same everywhere.
  enableInternet: true,
  ...(acceleratorOf(entry) !== noAccelerator && { machineShape: acceleratorOf(entry) }),
  // Where the agent doesn't end by itself.
  sessionTimeoutSeconds: Math.floor(kernel.sessionSeconds),
  datasetDataSources: entry.datasets ?? [],
  ...{ competitionDataSources: [], kernelDataSources: [], modelDataSources: [], categoryIds: [] },
});

/** Of an agent whose data lie in this folder. */
export const slotsFile = (data: string): string => JSON.stringify({ slots: [{ backend: 'local', data }] });

/**
 * Python that becomes an agent. A push for one accelerator may be run on another, or on none: that ends it at once, before it costs
 * hours. What it has lies outside of /kaggle/working, which Kaggle keeps.
 */
function kernelText(entry: KaggleEntry, script: string): string {
  const accelerator = acceleratorOf(entry);
  const model = accelerator === noAccelerator ? '' : accelerator.toLowerCase().replace(/^nvidia(tesla)?/, '');
  const python = (text: string) => JSON.stringify(text);
  return `# Becomes an agent of a grid run. Contains a token that is good for one agent: keep it private.
import base64, os, subprocess, sys, tempfile

wanted = ${python(model)}
if wanted:
    try:
        query = ["nvidia-smi", "--query-gpu=name", "--format=csv,noheader"]
        found = subprocess.run(query, stdout=subprocess.PIPE, text=True).stdout.strip()
    except OSError:
        found = ""
    if wanted not in "".join(filter(str.isalnum, found.lower())):
        sys.exit("gridfarm: asked for " + ${python(accelerator)} + ", got " + (found.replace("\\n", ", ") or "no GPU"))
path = os.path.join(tempfile.mkdtemp(), "agent.sh")
with open(path, "wb") as file:
    file.write(base64.b64decode(${python(Buffer.from(script).toString('base64'))}))
os.environ.setdefault("GRID_CACHE", "/tmp/gridfarm")
sys.exit(subprocess.call(["sh", path]))
`;
}
