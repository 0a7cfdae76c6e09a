import { stringify } from 'yaml';
import { integer, listOf, natural, recordOf, shape, text } from '../../../trainer/contract/shape.js';
import { GridfarmError } from '../../domain/error.js';
import { call, type Said } from './call.js';
import {
  type JobNames,
  jobManifest,
  type KubernetesEntry,
  labelOf,
  secretManifest,
} from './kubernetes-manifest.js';
import { fleetOf, lastWordsOf, liveJobs, parseItems } from './kubernetes-state.js';
import type { Fleet, FleetState, LaunchContext, Launcher } from './launcher.js';
import { loopbackTrouble } from './loopback.js';
import { fleetNameSchema, Notes, newFleetName } from './notes.js';

const word = (description: string) => ({ ...text, description });

/**
 * Agents as pods of Indexed Jobs, through the `kubectl` of PATH (or `KUBECTL`) with its configuration. Tried with a stand-in for the
 * cluster, the manifests with kubectl itself; not with a cluster yet.
 */
export const kubernetesLauncher: Launcher<KubernetesEntry> = {
  name: 'kubernetes',
  schema: {
    type: 'object',
    additionalProperties: false,
    required: ['server', 'max'],
    properties: {
      server: {
        type: 'string',
        pattern: '^https?://',
        description:
          'where this machine is for pods, which reach no 127.0.0.1: http://HOST:7463, with listen: 0.0.0.0:7463',
      },
      max: { type: 'integer', minimum: 1, maximum: 10_000, description: 'Most agents at a time, one a pod' },
      image: word('Image of the pods: has a shell, best also Node ≥ 20; default: node:22'),
      namespace: word("Default: that of kubectl's context"),
      context: word("Of kubectl's configuration; default: its current one"),
      gpus: { type: 'integer', minimum: 0, maximum: 64, description: 'nvidia.com/gpu of each pod' },
      cpus: { type: 'number', exclusiveMinimum: 0, description: 'CPUs of each pod' },
      memory: { type: 'string', pattern: '^\\d+(\\.\\d+)?([KMGT]i?)?$', description: 'Of each pod: "16Gi"' },
      nodeSelector: { ...recordOf({ type: 'string' }), description: 'Labels that its node must have' },
      tolerations: { ...listOf({ type: 'object' }), description: "As a pod's spec has them" },
      serviceAccount: word('The account that pods run as'),
      imagePullSecret: word('Secret of the registry of the image'),
      runtimeClass: word('Of the pods: nvidia'),
      fsGroup: {
        ...natural,
        description: 'A group that reads the script, for images whose user is not root',
      },
    },
  },

  max: entry => entry.max,

  async open(entry, context) {
    const begin = () => ({ name: newFleetName(), next: 1, pending: [] });
    const notes = await Notes.open<KubernetesNotes>(context.folder, notesSchema, begin);
    const fleet = new KubernetesFleet(entry, context, notes);
    await fleet.tryOut();
    return fleet;
  },

  preview(entry) {
    const names = { fleet: 'gridfarm-NAME', job: 'gridfarm-NAME-1' };
    const script = '# The script that installs this version and becomes an agent, with its token.\n';
    const manifests = [jobManifest(entry, names, entry.max), secretManifest(names, 'UID', script)];
    const yaml = manifests.map(manifest => stringify(manifest, { aliasDuplicateObjects: false }));
    return `# kubectl ${[...placeOf(entry), 'create', '-f', '-'].join(' ')}\n${yaml.join('---\n')}`;
  },

  async check(entry, environment) {
    const unreachable = loopbackTrouble(entry.server);
    const problems = unreachable === undefined ? [] : [unreachable];
    for (const kind of ['jobs', 'secrets']) {
      const said = await kubectl(entry, environment, ['auth', 'can-i', 'create', kind]);
      if (said.isMissing) return [...problems, said.words];
      if (said.isDone) continue;
      if (said.stdout.trim() !== 'no') return [...problems, `Kubernetes doesn't answer: ${said.words}`];
      problems.push(`its account may not create ${kind} in ${entry.namespace ?? 'this namespace'}`);
    }
    return problems;
  },
};

interface PendingJob {
  job: string;
  count: number;
}

interface KubernetesNotes {
  name: string;
  /** Number of the next Job. */
  next: number;
  /** Jobs that may not be there, or not whole. */
  pending: PendingJob[];
}

const notesSchema = shape<KubernetesNotes>({
  name: fleetNameSchema,
  next: integer,
  pending: listOf(shape<PendingJob>({ job: text, count: integer })),
});

/** What kubectl says when the API server is away, restarts, or has too much to do: no refusal. */
const away =
  /unable to connect|connection .*(refused|reset)|i\/o timeout|timed? ?out|handshake|no such host|no route|\bEOF\b|unavailable|TooManyRequests|InternalError|deadline|etcd|currently unable|http2/i;

class KubernetesFleet implements Fleet {
  /** What was seen last, for while the cluster doesn't answer. */
  #seen: FleetState = { waiting: 0, running: 0 };

  constructor(
    private readonly entry: KubernetesEntry,
    private readonly context: LaunchContext,
    private readonly notes: Notes<KubernetesNotes>,
  ) {}

  /** Whether the cluster would take such a Job, without one. One that doesn't answer now may later. */
  async tryOut(): Promise<void> {
    const { entry } = this.context;
    const unreachable = loopbackTrouble(this.entry.server);
    if (unreachable !== undefined) throw new GridfarmError('grid', `${entry}: ${unreachable}`);
    const job = jobManifest(this.entry, this.#names(`${this.notes.content.name}-try`), 1);
    const said = await this.#run(['create', '--dry-run=server', '-f', '-'], job);
    if (said.isMissing) throw new GridfarmError('environment', `${entry}: ${said.words}`);
    if (!said.isDone && !isAway(said))
      throw new GridfarmError('grid', `${entry}: Kubernetes takes no such Job: ${said.words}`);
  }

  async start(count: number): Promise<void> {
    const { content } = this.notes;
    const pending = [...content.pending, { job: `${content.name}-${content.next}`, count }];
    // Noted first: what an answer was lost of is made whole, and nothing is made twice.
    await this.notes.write({ ...content, next: content.next + 1, pending });
    await this.#makePending();
  }

  async look(): Promise<FleetState> {
    try {
      await this.#makePending();
    } catch (error) {
      return { ...this.#seen, trouble: (error as Error).message };
    }
    const said = await this.#get();
    if (said.items === undefined)
      return { ...this.#seen, trouble: `Kubernetes doesn't answer: ${said.words}` };
    const state = fleetOf(said.items);
    const unmade = this.notes.content.pending.length > 0;
    this.#seen = { waiting: state.waiting, running: state.running };
    return unmade ? { ...state, trouble: "Kubernetes doesn't answer: a Job couldn't be made yet" } : state;
  }

  async stop(what: 'waiting' | 'all'): Promise<void> {
    const { content } = this.notes;
    await this.notes.write({ ...content, pending: [] });
    const said =
      what === 'all' ? await this.#delete(['-l', labelOf(content.name)]) : await this.#stopWaiting();
    if (!said.isDone)
      this.context.say(
        `${this.context.entry}: its Jobs couldn't be taken back: ${said.words}; later: kubectl delete jobs -l ${labelOf(content.name)}`,
      );
  }

  async lastWords(): Promise<string | undefined> {
    return lastWordsOf((await this.#get()).items ?? []);
  }

  async #makePending(): Promise<void> {
    for (const pending of this.notes.content.pending) {
      const names = this.#names(pending.job);
      const isMade = await this.#make(names, pending.count).catch(async error => {
        await this.#forget(pending);
        await this.#delete([names.job]);
        throw error;
      });
      // The next look tries again.
      if (!isMade) return;
      await this.#forget(pending);
    }
  }

  /** Creates a Job, then the Secret that its pods wait for. False: the cluster doesn't answer. */
  async #make(names: JobNames, count: number): Promise<boolean> {
    const job = await this.#create(jobManifest(this.entry, names, count));
    if (!job.isDone) return false;
    const found = await this.#run(['get', 'job', names.job, '-o', 'jsonpath={.metadata.uid}']);
    if (!found.isDone) return false;
    // Evaluated in the pod: one that comes after it has another name.
    const script = await this.context.agentScript({ nameFrom: `k8s-\${GRID_POD}` });
    return (await this.#create(secretManifest(names, found.stdout.trim(), script))).isDone;
  }

  /** Throws with words for the user if it is refused. One that is there already is as good. */
  async #create(manifest: object): Promise<{ isDone: boolean }> {
    const said = await this.#run(['create', '-f', '-'], manifest);
    if (said.isDone || /AlreadyExists|already exists/.test(said.words)) return { isDone: true };
    if (isAway(said)) return said;
    throw new GridfarmError('environment', `kubectl create: ${said.words}`);
  }

  /**
   * Jobs of which nothing runs go. Of others the indexes above those that run go, and below them no more begin than run; a pod that
   * takes the place of one of these finds its grid over.
   */
  async #stopWaiting(): Promise<{ isDone: boolean; words: string }> {
    const found = await this.#get();
    if (found.items === undefined) return { isDone: false, words: found.words };
    let worst = { isDone: true, words: '' };
    for (const { name, waiting, running, completions } of liveJobs(found.items)) {
      if (waiting === 0) continue;
      const left = Math.max(...running) + 1;
      const steps =
        running.length === 0
          ? [() => this.#delete([name])]
          : [
              ...(left < completions
                ? [() => this.#patch(name, { completions: left, parallelism: left })]
                : []),
              ...(running.length < left ? [() => this.#patch(name, { parallelism: running.length })] : []),
            ];
      for (const step of steps) {
        const said = await step();
        if (!said.isDone) worst = said;
      }
    }
    return worst;
  }

  #patch(job: string, spec: object) {
    return this.#run(['patch', 'job', job, '--type', 'merge', '-p', JSON.stringify({ spec })]);
  }

  #delete(which: readonly string[]) {
    return this.#run(['delete', 'jobs', ...which, '--ignore-not-found', '--wait=false']);
  }

  async #get() {
    const said = await this.#run([
      'get',
      'jobs,pods',
      '-l',
      labelOf(this.notes.content.name),
      ...['-o', 'json'],
    ]);
    const items = said.isDone ? parseItems(said.stdout) : undefined;
    const words = said.isDone ? 'its answer is none of `kubectl get -o json`' : said.words;
    return { items, words };
  }

  async #forget(made: PendingJob): Promise<void> {
    const { content } = this.notes;
    await this.notes.write({ ...content, pending: content.pending.filter(({ job }) => job !== made.job) });
  }

  #names(job: string): JobNames {
    return { fleet: this.notes.content.name, job };
  }

  #run(args: readonly string[], manifest?: object) {
    return kubectl(this.entry, this.context.environment, args, manifest);
  }
}

const placeOf = ({ namespace, context }: KubernetesEntry): string[] => [
  ...(context === undefined ? [] : ['--context', context]),
  ...(namespace === undefined ? [] : ['--namespace', namespace]),
];

async function kubectl(
  entry: KubernetesEntry,
  environment: NodeJS.ProcessEnv,
  args: readonly string[],
  manifest?: object,
): Promise<Said> {
  const words = [...args, ...placeOf(entry), '--request-timeout=30s'];
  const said = await call(environment.KUBECTL || 'kubectl', words, {
    environment,
    ...(manifest !== undefined && { input: JSON.stringify(manifest) }),
  });
  // Its last words are those for people; its log and its warnings are written to stderr as well.
  const forPeople = said.words.split('; ').filter(line => !/memcache\.go|^Warning:/.test(line));
  return { ...said, words: forPeople.join('; ') || said.words };
}

const isAway = ({ isLate, words }: { isLate: boolean; words: string }) => isLate || away.test(words);
