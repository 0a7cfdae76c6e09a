import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { bin, cellFolders, startGrid, workFolder, writeGrid } from '../../fixtures/cli.js';
import { hasTmux, openTerminal } from '../../fixtures/tmux.js';

const waiting = { timeout: 60_000, interval: 200 };

/** How a shell begins without the user's own files, with the completion that `grid` printed into `file`. */
const shells: Record<string, (file: string) => { command: string[]; begin: string }> = {
  bash: file => ({ command: ['bash', '--norc', '--noprofile'], begin: `source ${file}` }),
  zsh: file => ({ command: ['zsh', '-f'], begin: `autoload -U compinit; compinit -u -D; source ${file}` }),
  fish: file => ({ command: ['fish', '--no-config'], begin: `source ${file}` }),
};

describe.each(Object.entries(shells))('%s', (shell, start) => {
  const isThere = hasTmux && spawnSync(shell, ['-c', 'true']).status === 0;
  test.skipIf(!isThere)(
    `Tab completes verbs, options, grids, cells and files${isThere ? '' : ` (skipped: no ${shell} or no tmux)`}`,
    async () => {
      const folder = workFolder();
      const programs = join(folder, 'bin');
      mkdirSync(programs);
      const script = `#!/bin/sh\nexec ${process.execPath} ${bin} "$@"\n`;
      writeFileSync(join(programs, 'grid'), script, { mode: 0o755 });
      const file = join(folder, 'completion');
      writeFileSync(file, (await startGrid(folder, ['complete', shell])).stdout);
      await startGrid(folder, ['run', writeGrid(folder, { seeds: 1, more: { name: 'some grid' } })]);
      const cell = cellFolders(folder)[0]!;
      const { command, begin } = start(file);
      const terminal = openTerminal(command, {
        ...{ columns: 150, rows: 30, folder },
        environment: { PATH: `${programs}:${process.env.PATH}`, HOME: folder, PS1: '> ' },
      });
      const text = () => terminal.screen().join('\n');
      terminal.type(`${begin}; clear; echo re""ady`, 'Enter');
      await expect.poll(text, waiting).toMatch(/^ready/m);
      /** What is on the line after Tab. */
      const completes = async (typed: string, line: RegExp) => {
        terminal.type('C-u', 'C-l');
        terminal.type('-l', typed);
        // The shell draws its line before it is asked for more.
        await expect.poll(text, waiting).toContain(typed);
        terminal.type('Tab');
        await expect.poll(text, waiting).toMatch(line);
      };
      await completes('grid lead', /grid leaderboard/);
      await completes('grid leaderboard --group', /--group-by/);
      await completes('grid run --engine=wa', /--engine=wasm/);
      await completes(`grid show ${cell.slice(0, 3)}`, new RegExp(`grid show ${cell.slice(0, 8)}`));
      await completes('grid status --grid so', /--grid (some\\ grid|'some grid')/);
      await completes('grid run gri', /grid run grid\.yaml/);
      await completes('grid run --slots=gri', /--slots=grid\.yaml/);
      // Nothing of the line is run.
      await completes('grid show $(touch ran) lead', /lead/);
      expect(spawnSync('ls', ['ran'], { cwd: folder }).status).not.toBe(0);
    },
  );
});
