import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa, execaSync } from 'execa';

const script = fileURLToPath(new URL('../../../../runner/test/testbeds/ssh-netns.sh', import.meta.url));
const works = (command: string) => execaSync('sh', ['-c', command], { reject: false }).exitCode === 0;
const has = (program: string) => works(`command -v ${program}`);

// Another test process may try at the same time.
const trial = `fgtry${process.pid}`;

/** Why there can be none here; undefined: there can. */
export const noSshHosts: string | undefined =
  process.getuid?.() !== 0
    ? 'only root makes network namespaces'
    : !has('/usr/sbin/sshd') || !has('ip')
      ? 'openssh-server or iproute2 is missing'
      : works(`ip netns add ${trial} && ip netns del ${trial}`)
        ? undefined
        : 'no network namespaces can be made here';

const tbf = 'qdisc add dev lo root tbf rate 1mbit burst 16kb latency 1s';

/** Why there are none with a slow link here; undefined: there are. */
export const noSlowLink: string | undefined =
  noSshHosts ??
  (works(`ip netns add ${trial}; tc -n ${trial} ${tbf}; slow=$?; ip netns del ${trial}; exit $slow`)
    ? undefined
    : 'the kernel has no tbf queues');

/** Hosts `h1`, `h2`, …, each with a home folder of its own. */
export class SshHosts {
  private constructor(
    readonly folder: string,
    private readonly count: number,
  ) {}

  /** Another test process may have hosts of its own at the same time. */
  readonly #env = { PFX: `fg${process.pid % 10_000}`, NET: `10.77.${process.pid % 250}` };

  static async up(folder: string, count: number): Promise<SshHosts> {
    const hosts = new SshHosts(folder, count);
    await hosts.down();
    await execa(script, ['up', folder, `${count}`], { stdio: 'ignore', env: hosts.#env });
    return hosts;
  }

  get config(): string {
    return join(this.folder, 'ssh_config');
  }

  home(host: number): string {
    return join(this.folder, `h${host}`, 'home');
  }

  cut = (host: number) => execa(script, ['cut', `${host}`], { env: this.#env });
  mend = (host: number) => execa(script, ['mend', `${host}`], { env: this.#env });
  /** What the host sends comes at 200 kbit/s. */
  slow = (host: number) => execa(script, ['slow', `${host}`], { env: this.#env });
  fast = (host: number) => execa(script, ['fast', `${host}`], { env: this.#env });
  /** All its connections end; its sshd is back after two seconds. */
  bounce = (host: number) =>
    execa(script, ['bounce', this.folder, `${host}`], { stdio: 'ignore', env: this.#env });
  down = () => execa(script, ['down', this.folder, `${this.count}`], { env: this.#env });

  /** The address of a host. */
  address(host: number): string {
    const config = readFileSync(this.config, 'utf8');
    return new RegExp(`Host h${host}\\n\\s+HostName (\\S+)`).exec(config)![1]!;
  }
}
