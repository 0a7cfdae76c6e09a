import { liveView } from '../terminal/live-view.js';
import { jsonView, plainView } from '../terminal/plain-view.js';
import type { RunView } from '../terminal/view.js';
import type { CommandContext } from './context.js';

/** Live in a terminal, lines elsewhere. */
export function selectView(
  { plain = false, json = false }: { plain?: boolean | undefined; json?: boolean | undefined },
  { stdout, environment }: CommandContext,
): RunView {
  const write = (line: string) => stdout.write(`${line}\n`);
  const inCi = environment.CI !== undefined && environment.CI !== '' && environment.CI !== 'false';
  if (json || plain || inCi || !stdout.isTTY || environment.TERM === 'dumb') {
    return json ? jsonView(write) : plainView(write);
  }
  return liveView(stdout, write);
}
