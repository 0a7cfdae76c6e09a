import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { json, workFolder, writeGrid } from '../fixtures/cli.js';

const bin = fileURLToPath(new URL('../../main.js', import.meta.url));

/** Runs `grid …` by a shell, as `$grid` in the script. */
function shell(folder: string, script: string) {
  const environment = { ...process.env, grid: `${process.execPath} ${bin}` };
  return spawnSync('bash', ['-c', `set -o pipefail; ${script}`], {
    cwd: folder,
    env: environment,
    encoding: 'utf8',
  });
}

it.skipIf(process.platform !== 'linux')(
  'a run goes on when its output can not be written, says so, and ends with 1',
  async () => {
    const folder = workFolder();
    const file = writeGrid(folder, { seeds: 1 });
    const { status, stderr } = shell(folder, `$grid run ${file} > /dev/full`);
    expect(status, stderr).toBe(1);
    expect(stderr).toBe("stdout can't be written any more: ENOSPC: no space left on device, write\n");
    expect((await json(folder, 'status')).grids[0].counts.completed).toBe(1);
  },
);

it('a run goes on when its reader has left, or when it never had one', async () => {
  const folder = workFolder();
  const file = writeGrid(folder, { seeds: 1 });
  const left = shell(folder, `$grid run ${file} 2>&1 | head -1`);
  expect(left.status, left.stderr).toBe(0);
  expect((await json(folder, 'status')).grids[0].counts.completed).toBe(1);
  expect(shell(folder, '$grid version >&- 2>&-').status).toBe(0);
});

const hangUp = `
import fcntl, os, pty, struct, sys, termios
pid, fd = pty.fork()
if pid == 0:
    fcntl.ioctl(1, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 100, 0, 0))
    os.environ["CI"] = ""
    os.execvp(sys.argv[1], sys.argv[1:])
seen = b""
while b"2/1000" not in seen:
    seen += os.read(fd, 65536)
os.close(fd)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))`;
const hasPython = spawnSync('python3', ['-c', 'import pty']).status === 0;

it.skipIf(!hasPython)('a run whose terminal goes away finishes its epochs and ends with 130', async () => {
  const folder = workFolder();
  const file = writeGrid(folder, { seeds: 1, epochs: 1000, params: { epochMs: 200 } });
  const args = ['-c', hangUp, process.execPath, bin, 'run', file];
  const { status, stderr } = spawnSync('python3', args, { cwd: folder, encoding: 'utf8' });
  expect(status, stderr).toBe(130);
  expect((await json(folder, 'status')).grids[0].counts.interrupted).toBe(1);
});
