/** What is asked of a Kubernetes cluster (batch/v1, v1), as JSON. */

/** Keys of an entry `backend: kubernetes`. */
export interface KubernetesEntry {
  server: string;
  max: number;
  image?: string;
  namespace?: string;
  context?: string;
  gpus?: number;
  cpus?: number;
  memory?: string;
  nodeSelector?: Record<string, string>;
  tolerations?: object[];
  serviceAccount?: string;
  imagePullSecret?: string;
  runtimeClass?: string;
  fsGroup?: number;
}

export interface JobNames {
  /** Of all its agents: by this label they are found again. */
  fleet: string;
  /** Of the Job, and of its Secret. */
  job: string;
}

export const labelOf = (fleet: string) => `app.kubernetes.io/instance=${fleet}`;

const metadataOf = ({ fleet, job }: JobNames) => ({ name: job, labels: labels(fleet) });
const labels = (fleet: string) => ({
  'app.kubernetes.io/name': 'gridfarm',
  'app.kubernetes.io/managed-by': 'grid-run',
  'app.kubernetes.io/instance': fleet,
});

const scriptFolder = '/run/gridfarm';
const cacheFolder = '/var/cache/gridfarm';
/** Left of a pod that is to go for the running epoch, and for what is under way to the coordinator. */
const graceSeconds = 120;
const keptSeconds = 3600;
/** A node that goes away is no failure of the agent; more than these are. */
const mostRetries = 5;

/**
 * An Indexed Job of `count` agents, one a pod. The script of the agent isn't in it: it contains a token, and whoever may read pods
 * reads their specs.
 */
export function jobManifest(entry: KubernetesEntry, names: JobNames, count: number): object {
  const { gpus = 0, cpus, memory } = entry;
  const resources = {
    ...(gpus > 0 && { 'nvidia.com/gpu': `${gpus}` }),
    ...(cpus !== undefined && { cpu: `${cpus}` }),
    ...(memory !== undefined && { memory }),
  };
  const { nodeSelector, tolerations, serviceAccount, imagePullSecret, runtimeClass, fsGroup } = entry;
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: metadataOf(names),
    spec: {
      completionMode: 'Indexed',
      completions: count,
      parallelism: count,
      backoffLimitPerIndex: mostRetries,
      // By default a pod that is still ending has its successor beside it.
      podReplacementPolicy: 'Failed',
      ttlSecondsAfterFinished: keptSeconds,
      template: {
        metadata: { labels: labels(names.fleet) },
        spec: {
          restartPolicy: 'Never',
          terminationGracePeriodSeconds: graceSeconds,
          automountServiceAccountToken: false,
          enableServiceLinks: false,
          ...(nodeSelector && { nodeSelector }),
          ...(tolerations && { tolerations }),
          ...(serviceAccount !== undefined && { serviceAccountName: serviceAccount }),
          ...(imagePullSecret !== undefined && { imagePullSecrets: [{ name: imagePullSecret }] }),
          ...(runtimeClass !== undefined && { runtimeClassName: runtimeClass }),
          ...(fsGroup !== undefined && { securityContext: { fsGroup } }),
          containers: [
            {
              name: 'agent',
              image: entry.image ?? 'node:22',
              command: ['/bin/sh', `${scriptFolder}/agent.sh`],
              env: [
                { name: 'GRID_POD', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
                { name: 'GRID_CACHE', value: cacheFolder },
              ],
              ...(Object.keys(resources).length > 0 && {
                resources: { limits: resources, requests: resources },
              }),
              // Of one that failed the end of its log is with its state.
              terminationMessagePolicy: 'FallbackToLogsOnError',
              volumeMounts: [
                { name: 'script', mountPath: scriptFolder, readOnly: true },
                { name: 'cache', mountPath: cacheFolder },
              ],
            },
          ],
          volumes: [
            { name: 'script', secret: { secretName: names.job, defaultMode: 0o400 } },
            { name: 'cache', emptyDir: {} },
          ],
        },
      },
    },
  };
}

/** What the pods of a Job run. It goes when the Job does. */
export const secretManifest = (names: JobNames, jobUid: string, script: string): object => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: {
    ...metadataOf(names),
    ownerReferences: [{ apiVersion: 'batch/v1', kind: 'Job', name: names.job, uid: jobUid }],
  },
  type: 'Opaque',
  data: { 'agent.sh': Buffer.from(script).toString('base64') },
});
