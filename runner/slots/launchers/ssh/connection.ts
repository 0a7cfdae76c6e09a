import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { call, type Said } from '../call.js';
import type { SshEntry } from './entry.js';
import { forwardCommand } from './scripts.js';

/** A path of a socket may have 104 bytes on some systems, and ssh adds 17 to it for a while. */
const longestFolder = 60;

/** OpenSSH with the user's own configuration; one connection serves the forwarded port and all commands. */
export class SshConnection {
  readonly #folder: string;

  constructor(
    private readonly entry: SshEntry,
    private readonly environment: NodeJS.ProcessEnv,
  ) {
    const place = tmpdir().length <= longestFolder ? tmpdir() : '/tmp';
    this.#folder = mkdtempSync(join(place, 'grid-ssh-'));
  }

  /** Runs a script there. */
  run(script: string, timeoutMs: number): Promise<Said> {
    const args = [
      ...this.#options(),
      '-S',
      this.#socket,
      '-o',
      'ControlMaster=no',
      '-o',
      'ClearAllForwardings=yes',
    ];
    const { environment } = this;
    return call('ssh', [...args, '--', this.entry.host, 'exec sh -s'], {
      environment,
      input: script,
      timeoutMs,
    });
  }

  /** The same by a connection of its own. */
  runApart(script: string, timeoutMs: number): Promise<Said> {
    const args = [...this.#options(), '-S', 'none', '-o', 'ClearAllForwardings=yes'];
    const { environment } = this;
    return call('ssh', [...args, '--', this.entry.host, 'exec sh -s'], {
      environment,
      input: script,
      timeoutMs,
    });
  }

  /**
   * Lets `port` there lead to `target` here, as long as the connection lasts. Resolves when that is over, to what ssh said; its
   * exit code tells nothing (255 is that of a lost connection as well as that of a killed command). Ends when this process does.
   */
  async forward(
    fleet: string,
    port: number,
    target: string,
    onReady: () => void,
    signal: AbortSignal,
  ): Promise<string> {
    rmSync(this.#socket, { force: true });
    const forward = ['-o', 'ExitOnForwardFailure=yes', '-R', `127.0.0.1:${port}:${target}`];
    const master = ['-S', this.#socket, '-o', 'ControlMaster=yes', '-o', 'ControlPersist=no'];
    const command = ['--', this.entry.host, forwardCommand(fleet)];
    const child = execa('ssh', [...this.#options(), ...master, ...forward, ...command], {
      env: this.environment,
      extendEnv: false,
      reject: false,
      stdin: 'pipe',
      cancelSignal: signal,
      forceKillAfterDelay: 2000,
      maxBuffer: 100_000,
    });
    child.stdout?.on('data', (text: Buffer) => {
      if (text.toString().includes('gridfarm forwarded')) onReady();
    });
    const { stderr } = await child;
    return stderr;
  }

  close(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  get #socket(): string {
    return join(this.#folder, 'control');
  }

  /** The first value that ssh is given counts: the entry's options before ours. */
  #options(): string[] {
    const { port, identity, sshConfig, options = [] } = this.entry;
    return [
      '-T',
      ...(sshConfig === undefined ? [] : ['-F', sshConfig.replace(/^~(?=\/)/, this.environment.HOME ?? '~')]),
      ...(port === undefined ? [] : ['-p', `${port}`]),
      ...(identity === undefined ? [] : ['-i', identity]),
      ...[...options, ...defaults].flatMap(option => ['-o', option]),
    ];
  }
}

const defaults = [
  'BatchMode=yes',
  'ConnectTimeout=15',
  'ServerAliveInterval=15',
  'ServerAliveCountMax=3',
  'RemoteCommand=none',
  'RequestTTY=no',
];
