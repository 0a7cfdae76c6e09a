/** A real Ray cluster of one node on this machine, for tests. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { RayApi } from '../../slots/launchers/ray/api.js';

const venv = join(homedir(), '.cache/gridfarm-test/ray');

/** Why there can be none here; undefined: there can. */
export const rayMissing = (): string | undefined =>
  existsSync(join(venv, 'ready')) ? undefined : `no Ray here: runner/test/testbeds/ray-setup.sh ${venv}`;

/** `ray`, without a server for Ray's own clients, which ends the head where the machine is too busy to begin it in time. */
const program = `import ray.scripts.scripts as scripts
scripts.get_ray_client_dependency_error = lambda: "not wanted here"
scripts.main()`;

/** Ray gives its node 30 s to begin, which a busy machine may not hold. */
const mostTries = 5;

/** Two CPUs and two GPUs that it believes in. */
export class RayHead {
  /** Test files run side by side: each has ports of its own, below those that systems give out by themselves. */
  readonly #port = 25_000 + (process.pid % 600) * 10;
  readonly address = `http://127.0.0.1:${this.#port}`;
  readonly #folder = mkdtempSync(join(tmpdir(), 'ray-'));
  readonly #output = join(this.#folder, 'output.txt');
  #process: ChildProcess | undefined;

  /** Resolves once the Jobs API answers. */
  async start(): Promise<void> {
    for (let tries = 1; !(await this.#begin()); tries++) {
      await this.kill();
      if (tries === mostTries) throw new Error(`Ray doesn't come up: ${readFileSync(this.#output, 'utf8')}`);
    }
  }

  async #begin(): Promise<boolean> {
    const port = (offset: number) => `${this.#port + offset}`;
    const words = [
      ...['start', '--head', '--block', '--node-ip-address=127.0.0.1', `--port=${port(1)}`],
      ...['--dashboard-host=127.0.0.1', `--dashboard-port=${port(0)}`],
      ...[`--dashboard-agent-listen-port=${port(3)}`, `--dashboard-agent-grpc-port=${port(4)}`],
      ...[`--metrics-export-port=${port(5)}`, '--num-cpus=2', '--num-gpus=2'],
      ...['--object-store-memory=150000000', `--temp-dir=${this.#folder}`],
      ...['--disable-usage-stats', '--include-log-monitor=False'],
    ];
    const output = openSync(this.#output, 'w');
    const child = spawn(join(venv, 'bin/python'), ['-c', program, ...words], {
      stdio: ['ignore', output, output],
      env: { ...process.env, DASHBOARD_METRIC_PORT: port(6), RAY_GRACEFUL_SHUTDOWN_DRAIN_TIMEOUT_S: '0' },
    });
    closeSync(output);
    this.#process = child;
    const api = new RayApi(this, {});
    for (let waits = 0; waits < 600 && child.exitCode === null; waits++, await sleep(200))
      if (readFileSync(this.#output, 'utf8').includes('Ray runtime started'))
        if (typeof (await api.jobs()) !== 'string') return true;
    return false;
  }

  /** With all that it knew, and all that runs there: as a machine that loses its power. */
  async kill(): Promise<void> {
    const child = this.#process;
    if (child !== undefined && child.exitCode === null && child.signalCode === null) {
      const exited = once(child, 'exit');
      child.kill('SIGKILL');
      await exited;
    }
    // What the kernel doesn't end with it.
    for (let left = this.#processes(); left.length > 0; left = this.#processes()) {
      for (const pid of left)
        try {
          process.kill(pid, 'SIGKILL');
        } catch {}
      await sleep(100);
    }
  }

  async stop(): Promise<void> {
    await this.kill();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** Those of Ray name the folder. */
  #processes(): number[] {
    return readdirSync('/proc').flatMap(name => {
      try {
        return /^\d+$/.test(name) && readFileSync(`/proc/${name}/cmdline`, 'utf8').includes(this.#folder)
          ? [Number(name)]
          : [];
      } catch {
        return [];
      }
    });
  }
}
