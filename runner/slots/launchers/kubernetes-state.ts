import { integer, listOf, recordOf, shape, text } from '../../../trainer/contract/shape.js';
import { fittingJson } from '../../../trainer/files/checked-json.js';
import { oneLine } from './call.js';
import type { FleetState } from './launcher.js';

interface Metadata {
  name: string;
  labels?: Record<string, string>;
  deletionTimestamp?: string;
}
interface Waiting {
  reason?: string;
  message?: string;
}
interface Terminated {
  exitCode: number;
  reason?: string;
  message?: string;
  finishedAt?: string;
}
interface Condition {
  type: string;
  status: string;
}

interface Item {
  kind: string;
  metadata: Metadata;
  spec?: { completions?: number; parallelism?: number };
  status?: {
    phase?: string;
    succeeded?: number;
    failedIndexes?: string;
    conditions?: Condition[];
    containerStatuses?: { state?: { waiting?: Waiting; terminated?: Terminated } }[];
  };
}

const words = { type: 'string' };
const stateSchema = shape<{ waiting?: Waiting; terminated?: Terminated }>(
  {
    waiting: shape<Waiting>({ reason: words, message: words }, ['reason', 'message']),
    terminated: shape<Terminated>({ exitCode: integer, reason: words, message: words, finishedAt: words }, [
      ...(['reason', 'message', 'finishedAt'] as const),
    ]),
  },
  ['waiting', 'terminated'],
);
const itemSchema = shape<Item>(
  {
    kind: text,
    metadata: shape<Metadata>({ name: text, labels: recordOf(words), deletionTimestamp: words }, [
      ...(['labels', 'deletionTimestamp'] as const),
    ]),
    spec: shape<NonNullable<Item['spec']>>({ completions: integer, parallelism: integer }, [
      ...(['completions', 'parallelism'] as const),
    ]),
    status: shape<NonNullable<Item['status']>>(
      {
        phase: words,
        succeeded: integer,
        failedIndexes: words,
        conditions: listOf(shape<Condition>({ type: words, status: words })),
        containerStatuses: listOf(shape<{ state?: object }>({ state: stateSchema }, ['state'])),
      },
      ['phase', 'succeeded', 'failedIndexes', 'conditions', 'containerStatuses'],
    ),
  },
  ['spec', 'status'],
);
const listSchema = shape<{ items: Item[] }>({ items: listOf(itemSchema) });

/** A Job that has agents, or is to have some. */
export interface LiveJob {
  name: string;
  completions: number;
  waiting: number;
  /** Indexes of the pods that run. */
  running: number[];
}

/** The answer of `kubectl get jobs,pods -o json`; undefined: none that can be understood. */
export function parseItems(stdout: string): readonly Item[] | undefined {
  return fittingJson<{ items: Item[] }>(stdout, listSchema)?.items;
}

export function liveJobs(items: readonly Item[]): LiveJob[] {
  return items
    .filter(({ kind }) => kind === 'Job')
    .map(job => {
      const running = podsOf(job.metadata.name, items).filter(({ status }) => status?.phase === 'Running');
      const { completions = 1, parallelism = 1 } = job.spec ?? {};
      const done = (job.status?.succeeded ?? 0) + indexCount(job.status?.failedIndexes);
      const ends = job.metadata.deletionTimestamp !== undefined || isFinished(job);
      const left = ends ? 0 : Math.min(parallelism, completions - done);
      return {
        name: job.metadata.name,
        completions,
        waiting: Math.max(0, left - running.length),
        running: running.map(({ metadata }) =>
          Number(metadata.labels?.['batch.kubernetes.io/job-completion-index'] ?? 0),
        ),
      };
    })
    .filter(({ waiting, running }) => waiting + running.length > 0);
}

export function fleetOf(items: readonly Item[]): FleetState {
  const jobs = liveJobs(items);
  const trouble = items.map(troubleOf).find(said => said !== undefined);
  return {
    waiting: jobs.reduce((sum, { waiting }) => sum + waiting, 0),
    running: jobs.reduce((sum, { running }) => sum + running.length, 0),
    ...(trouble !== undefined && { trouble }),
  };
}

/** What the agent that ended last has said. */
export function lastWordsOf(items: readonly Item[]): string | undefined {
  const ended = items
    .flatMap(({ status }) => status?.containerStatuses ?? [])
    .flatMap(({ state }) => state?.terminated ?? [])
    .sort((one, other) => (other.finishedAt ?? '').localeCompare(one.finishedAt ?? ''))[0];
  if (ended === undefined) return undefined;
  return (
    oneLine(ended.message ?? '') ||
    `it ended with ${ended.exitCode}${ended.reason ? ` (${ended.reason})` : ''}`
  );
}

const podsOf = (job: string, items: readonly Item[]) =>
  items.filter(
    ({ kind, metadata }) => kind === 'Pod' && metadata.labels?.['batch.kubernetes.io/job-name'] === job,
  );

const isFinished = ({ status }: Item) =>
  (status?.conditions ?? []).some(
    ({ type, status }) => ['Complete', 'Failed', 'FailureTarget'].includes(type) && status === 'True',
  );

/** A pod that no waiting for a node helps. */
function troubleOf({ kind, metadata, status }: Item): string | undefined {
  if (kind !== 'Pod' || status?.phase !== 'Pending') return undefined;
  for (const { state } of status.containerStatuses ?? [])
    if (/^(Err|Invalid|Create|ImagePull|RunContainer)/.test(state?.waiting?.reason ?? ''))
      return `pod ${metadata.name}: ${oneLine(`${state!.waiting!.reason}: ${state!.waiting!.message ?? ''}`)}`;
  return undefined;
}

/** `1,3-5`: four. */
function indexCount(ranges = ''): number {
  return ranges
    .split(',')
    .filter(range => range !== '')
    .map(range => range.split('-').map(Number))
    .reduce((sum, [first = 0, last = first]) => sum + last - first + 1, 0);
}
