import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { displayWidth } from '../../text/width.js';
import { bin, workFolder, writeGrid } from '../fixtures/cli.js';
import { hasTmux, openTerminal } from '../fixtures/tmux.js';

const waiting = { timeout: 60_000, interval: 200 };

/** What is wrong with a picture of three slots. */
function faults(screen: readonly string[], columns: number): string[] {
  const times = (part: string | RegExp) => screen.filter(line => line.match(part) !== null).length;
  const figures = screen.find(line => /epoch \d+\/600/.test(line)) ?? '';
  return [
    ...['cpu0', 'cpu1', 'cpu2', '0 of 4 done'].filter(name => times(name) !== 1),
    ...(times(/epoch \d+\/600/) === 3 ? [] : ['epochs']),
    ...screen.filter(line => displayWidth(line) >= columns),
    ...[/[█░▏▎▍▌▋▊▉]{6}/, / now 0\.\d/, / best 0\.\d/, /\S left/].flatMap(part =>
      columns < 80 || part.test(figures) ? [] : [`${part}: ${figures}`],
    ),
  ];
}

test.skipIf(!hasTmux)(
  `in a terminal every slot stands there once, whatever size it gets${hasTmux ? '' : ' (skipped: no tmux)'}`,
  async () => {
    const folder = workFolder();
    writeFileSync(join(folder, 'slots.yaml'), 'slots: [{backend: local, cpus: 3}]\n');
    const file = writeGrid(folder, { seeds: 4, epochs: 600, params: { epochs: 600, epochMs: 100 } });
    const terminal = openTerminal(
      [process.execPath, bin, 'run', file, '--slots', 'slots.yaml', '--engine', 'wasm'],
      { columns: 120, rows: 30, folder },
    );
    const text = () => terminal.screen().join('\n');
    await expect.poll(text, waiting).toMatch(/cpu2 .* epoch \d+\/600 /);
    for (const [columns, rows] of [
      [80, 24],
      [40, 24],
      [80, 12],
      [40, 10],
      [120, 30],
    ] as const) {
      terminal.resize(columns, rows);
      // What was broken by the terminal itself is drawn anew, …
      await expect.poll(() => faults(terminal.screen(), columns), waiting).toEqual([]);
      // … and stays so.
      await new Promise(resolve => setTimeout(resolve, 1500));
      await expect.poll(() => faults(terminal.screen(), columns), { timeout: 3000 }).toEqual([]);
    }
    // Ctrl-C is heard, and is said to have been.
    terminal.type('C-c');
    await expect.poll(text, waiting).toMatch(/4 interrupted|3 interrupted/);
  },
);
