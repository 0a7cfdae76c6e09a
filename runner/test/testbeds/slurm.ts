/** A real Slurm cluster of virtual nodes on this machine, for tests. */
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { execa, execaSync } from 'execa';

const script = fileURLToPath(new URL('../../../../runner/test/testbeds/slurm-start.sh', import.meta.url));

/** Why there can be none here; undefined: there can. */
export function slurmMissing(): string | undefined {
  if (process.getuid?.() !== 0) return 'not root';
  const isThere = (program: string) => !execaSync(program, ['-V'], { reject: false }).failed;
  return ['slurmctld', 'slurmd', 'munged'].every(isThere) ? undefined : 'no slurm-wlm and munge here';
}

export class SlurmCluster {
  private constructor(
    readonly folder: string,
    readonly environment: NodeJS.ProcessEnv,
  ) {}

  static async start(nodes: number, gpus: number): Promise<SlurmCluster> {
    const folder = mkdtempSync(join(tmpdir(), 'slurm-'));
    // Test files run side by side: each has ports of its own.
    const port = 20_000 + (process.pid % 500) * 20;
    const environment = { ...process.env, SLURM_CONF: join(folder, 'slurm.conf') };
    const cluster = new SlurmCluster(folder, environment);
    const settings = { env: { SLURM_BASE_PORT: `${port}` }, stdio: 'ignore' } as const;
    try {
      await execa('bash', [script, 'up', folder, `${nodes}`, `${gpus}`], settings);
    } catch (error) {
      await cluster.stop();
      throw error;
    }
    return cluster;
  }

  async stop(): Promise<void> {
    await execa('bash', [script, 'down', this.folder], { stdio: 'ignore' });
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Resolves once slurmctld has written what it knew at `timeMs`: it does so some seconds after a change, and finds that again. */
  async saved(timeMs: number): Promise<void> {
    const file = join(this.folder, 'state/job_state');
    for (let waits = 0; waits < 200; waits++) {
      if ((statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0) > timeMs) return;
      await sleep(100);
    }
  }

  /** Ends slurmctld, or the slurmd of a node, as a crash would. */
  async kill(daemon: string): Promise<void> {
    const file = join(this.folder, `${daemon}.pid`);
    const pid = Number(readFileSync(file, 'utf8'));
    process.kill(pid, 'SIGKILL');
    while (existsSync(`/proc/${pid}/exe`)) await sleep(20);
    rmSync(file, { force: true });
  }

  async revive(daemon: string): Promise<void> {
    const [program, node] = daemon.split('.');
    const flags = node === undefined ? [] : ['-N', node];
    await execa(program!, ['-f', join(this.folder, 'slurm.conf'), ...flags], { stdio: 'ignore' });
  }

  async run(program: string, ...args: string[]): Promise<string> {
    return (await execa(program, args, { env: this.environment })).stdout;
  }
}
