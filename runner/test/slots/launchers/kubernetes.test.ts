import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execaSync } from 'execa';
import { describe, expect, it, vi } from 'vitest';
import { kubernetesLauncher } from '../../../slots/launchers/kubernetes.js';
import { jobManifest, secretManifest } from '../../../slots/launchers/kubernetes-manifest.js';
import { fleetOf, lastWordsOf, parseItems } from '../../../slots/launchers/kubernetes-state.js';
import { StubAgents } from '../../fixtures/stub-agents.js';

// They end as soon as it is so: on a busy machine that takes a while.
vi.setConfig({ testTimeout: 400_000 });

const server = 'http://head.example:7463';
const full = {
  ...{ server, max: 16, image: 'node:22', namespace: 'research', gpus: 1, cpus: 4, memory: '16Gi' },
  nodeSelector: { 'cloud.google.com/gke-accelerator': 'nvidia-tesla-t4' },
  tolerations: [{ key: 'nvidia.com/gpu', operator: 'Exists', effect: 'NoSchedule' }],
  ...{ serviceAccount: 'grid', imagePullSecret: 'registry', runtimeClass: 'nvidia', fsGroup: 1000 },
};
const names = { fleet: 'gridfarm-0123456789', job: 'gridfarm-0123456789-1' };

describe('manifests', () => {
  it('a Job has as many indexes as agents, which are retried one by one and never doubled', () => {
    expect(jobManifest(full, names, 3)).toMatchObject({
      metadata: { name: names.job, labels: { 'app.kubernetes.io/instance': names.fleet } },
      spec: {
        ...{ completionMode: 'Indexed', completions: 3, parallelism: 3 },
        ...{ podReplacementPolicy: 'Failed', backoffLimitPerIndex: 5, ttlSecondsAfterFinished: 3600 },
        template: {
          metadata: { labels: { 'app.kubernetes.io/instance': names.fleet } },
          spec: {
            ...{ restartPolicy: 'Never', serviceAccountName: 'grid', runtimeClassName: 'nvidia' },
            imagePullSecrets: [{ name: 'registry' }],
            containers: [
              {
                resources: { limits: { 'nvidia.com/gpu': '1', cpu: '4', memory: '16Gi' } },
                image: 'node:22',
              },
            ],
            volumes: [{ secret: { secretName: names.job, defaultMode: 0o400 } }, {}],
          },
        },
      },
    });
  });

  it('what isn’t asked for isn’t there', () => {
    const text = JSON.stringify(jobManifest({ server, max: 1 }, names, 1));
    expect(text).not.toMatch(/nvidia|nodeSelector|tolerations|serviceAccountName|fsGroup|runtimeClass/);
  });

  it('the script lies in a Secret that goes with its Job', () => {
    const secret = secretManifest(names, 'uid-1', 'echo ü');
    expect(secret).toMatchObject({
      metadata: { ownerReferences: [{ kind: 'Job', name: names.job, uid: 'uid-1' }] },
      data: { 'agent.sh': Buffer.from('echo ü').toString('base64') },
    });
  });

  // kubectl reads it as its own types and leaves out what these don't have.
  const hasKubectl = !execaSync('kubectl', ['version', '--client'], { reject: false }).failed;
  it.skipIf(!hasKubectl).each([
    ['full', full],
    ['smallest', { server, max: 1 }],
  ])('kubectl knows every field of them: the %s one', (_, entry) => {
    const other = JSON.stringify(jobManifest({ ...entry, image: 'other' }, names, 2));
    const set = ['set', 'image', '--local', '-f', '-', 'agent=node:22', '-o', 'json'];
    const { stdout } = execaSync('kubectl', set, { input: other });
    expect(JSON.parse(stdout)).toMatchObject(jobManifest(entry, names, 2));
  });
});

describe('what kubectl says', () => {
  const job = (name: string, spec: object, status: object = {}, metadata: object = {}) => ({
    ...{ kind: 'Job', metadata: { name, ...metadata }, spec, status },
  });
  const pod = (job: string, index: number, status: object) => ({
    kind: 'Pod',
    metadata: {
      name: `${job}-${index}`,
      labels: {
        'batch.kubernetes.io/job-name': job,
        'batch.kubernetes.io/job-completion-index': `${index}`,
      },
    },
    status,
  });
  const parse = (...items: object[]) => parseItems(JSON.stringify({ kind: 'List', items }))!;

  it('indexes that have ended, Jobs that are over and Jobs that go aren’t awaited', () => {
    const five = { completions: 9, parallelism: 9 };
    const items = parse(
      job('a', five, { succeeded: 2, failedIndexes: '1,3-5' }),
      pod('a', 6, { phase: 'Running' }),
      pod('a', 7, { phase: 'Pending' }),
      job('over', five, { conditions: [{ type: 'Complete', status: 'True' }] }),
      job('goes', five, {}, { deletionTimestamp: '2026-01-01T00:00:00Z' }),
      pod('goes', 0, { phase: 'Running' }),
      job('held', { completions: 4, parallelism: 1 }),
      pod('held', 0, { phase: 'Running' }),
    );
    expect(fleetOf(items)).toEqual({ waiting: 2, running: 3 });
  });

  it('an image that can’t be had is trouble', () => {
    const waiting = { reason: 'ImagePullBackOff', message: 'Back-off pulling image "nodd:22"' };
    const state = { phase: 'Pending', containerStatuses: [{ state: { waiting } }] };
    const items = parse(job('a', { completions: 1, parallelism: 1 }), pod('a', 0, state));
    expect(fleetOf(items)).toEqual({
      ...{ waiting: 1, running: 0 },
      trouble: 'pod a-0: ImagePullBackOff: Back-off pulling image "nodd:22"',
    });
    const creating = {
      ...state,
      containerStatuses: [{ state: { waiting: { reason: 'ContainerCreating' } } }],
    };
    expect(fleetOf(parse(pod('a', 0, creating))).trouble).toBeUndefined();
  });

  it('last words are those of the agent that ended last', () => {
    const ended = (index: number, finishedAt: string, more: object) =>
      pod('a', index, {
        phase: 'Failed',
        containerStatuses: [{ state: { terminated: { exitCode: 69, finishedAt, ...more } } }],
      });
    const first = ended(0, '2026-01-01T00:00:00Z', { message: 'early' });
    expect(lastWordsOf(parse(first, ended(1, '2026-01-02T00:00:00Z', { message: 'no Node\nhere\n' })))).toBe(
      'no Node; here',
    );
    expect(lastWordsOf(parse(first, ended(1, '2026-01-02T00:00:00Z', { reason: 'OOMKilled' })))).toBe(
      'it ended with 69 (OOMKilled)',
    );
    expect(lastWordsOf([])).toBeUndefined();
    expect(parseItems('{"items": [{}]}')).toBeUndefined();
  });
});

class StandIn {
  readonly folder = mkdtempSync(join(tmpdir(), 'gridfarm-kubectl-'));
  readonly environment: NodeJS.ProcessEnv;

  constructor(capacity: number) {
    const program = fileURLToPath(new URL('../../fixtures/stand-in-kubectl.js', import.meta.url));
    const kubectl = join(this.folder, 'kubectl');
    writeFileSync(kubectl, `#!/bin/sh\nexec '${process.execPath}' '${program}' "$@"\n`, { mode: 0o755 });
    this.environment = { ...process.env, KUBECTL: kubectl, STAND_IN_CLUSTER: this.folder };
    this.set('capacity', `${capacity}`);
  }
  set = (name: string, text = '') => writeFileSync(join(this.folder, name), text);
  unset = (name: string) => rmSync(join(this.folder, name));
  list = (kind: string) => readdirSync(join(this.folder, kind)).sort();
}

async function open(
  capacity: number,
  more: object = {},
  stub = new StubAgents(),
  standIn = new StandIn(capacity),
) {
  const { environment } = standIn;
  const fleet = await kubernetesLauncher.open({ server, max: 8, ...more }, stub.context({ environment }));
  return { stub, standIn, fleet };
}
const until = (condition: () => void | Promise<void>) =>
  vi.waitFor(condition, { timeout: 200_000, interval: 100 });

describe('with a stand-in for the cluster', () => {
  it('agents run in pods, are found by the next runner, and end with time to leave', async () => {
    const { stub, standIn, fleet } = await open(4);
    await fleet.start(2);
    await until(() => expect(stub.begun).toHaveLength(2));
    expect(stub.begun[0]).toMatch(/^k8s-gridfarm-[0-9a-f]{10}-1-0-abcde$/);
    const later = await open(4, {}, stub, standIn);
    expect(await later.fleet.look()).toEqual({ waiting: 0, running: 2 });
    await later.fleet.stop('all');
    await until(() => expect(stub.ended).toEqual(stub.begun));
    expect(await fleet.look()).toEqual({ waiting: 0, running: 0 });
    expect([...standIn.list('Job'), ...standIn.list('Secret')]).toEqual([]);
  });

  it('what waits is taken back, and what runs goes on', async () => {
    const { stub, standIn, fleet } = await open(2);
    await fleet.start(3);
    await fleet.start(2);
    await until(async () => expect(await fleet.look()).toEqual({ waiting: 3, running: 2 }));
    await until(() => expect(stub.begun).toHaveLength(2));
    await fleet.stop('waiting');
    expect(await fleet.look()).toEqual({ waiting: 0, running: 2 });
    expect(standIn.list('Job')).toHaveLength(1);
    standIn.set('capacity', '9');
    expect(await fleet.look()).toEqual({ waiting: 0, running: 2 });
    expect(stub.ended).toEqual([]);
    await fleet.stop('all');
    await until(() => expect(stub.ended).toEqual(stub.begun));
  });

  it('a Job whose answer was lost is made whole, once', async () => {
    const { stub, standIn, fleet } = await open(4);
    standIn.set('lost');
    await fleet.start(1);
    expect(standIn.list('Secret')).toEqual([]);
    await until(async () => expect(await fleet.look()).toEqual({ waiting: 0, running: 1 }));
    expect(standIn.list('Job')).toHaveLength(1);
    await until(() => expect(stub.begun).toHaveLength(1));
    await fleet.stop('all');
    await until(() => expect(stub.ended).toEqual(stub.begun));
  });

  it('an API server that is away is trouble, and what was seen last still counts', async () => {
    const { stub, standIn, fleet } = await open(4);
    await fleet.start(1);
    await until(async () => expect(await fleet.look()).toEqual({ waiting: 0, running: 1 }));
    standIn.set('away');
    expect(await fleet.look()).toMatchObject({
      running: 1,
      trouble: expect.stringMatching(/^Kubernetes doesn't answer: The connection .* was refused/),
    });
    await fleet.start(1);
    await fleet.stop('all');
    expect(stub.said[0]).toMatch(/its Jobs couldn't be taken back: .*; later: kubectl delete jobs -l app/);
    // The runner comes while the cluster is away.
    const later = await open(4, {}, stub, standIn);
    standIn.unset('away');
    await later.fleet.stop('all');
    await until(() => expect(stub.ended).toEqual(stub.begun));
  });

  it('what the cluster refuses is refused before anything runs, in its words', async () => {
    await expect(open(1, { nodeSelector: { zone: 'nowhere' } })).rejects.toThrow(
      'slots[0] (stub): Kubernetes takes no such Job: Error from server (Forbidden): admission webhook denied',
    );
  });

  it('check says what is missing', async () => {
    const { environment, set } = new StandIn(1);
    expect(await kubernetesLauncher.check({ server, max: 1 }, environment)).toEqual([]);
    set('forbidden');
    expect(await kubernetesLauncher.check({ server, max: 1, namespace: 'research' }, environment)).toEqual([
      'its account may not create secrets in research',
    ]);
    set('away');
    const [away] = await kubernetesLauncher.check({ server, max: 1 }, environment);
    expect(away).toMatch(/^Kubernetes doesn't answer: The connection/);
    const none = { PATH: '/nowhere' };
    expect(await kubernetesLauncher.check({ server: 'http://localhost:7463', max: 1 }, none)).toEqual([
      expect.stringContaining('server: http://localhost:7463 is this machine for itself'),
      'there is no program kubectl here',
    ]);
  });
});

it.each(['http://127.0.0.1:7463', 'https://localhost', 'http://[::1]:7463', 'http://0.0.0.0:1'])(
  'pods can’t reach %s',
  async server => {
    await expect(open(1, { server })).rejects.toThrow(
      /^slots\[0\] \(stub\): server: .* expected its address as the agents reach it/,
    );
  },
);
