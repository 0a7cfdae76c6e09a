import type { RunView } from '../terminal/view.js';
import type { CommandContext } from './context.js';

/** Live in a terminal, lines elsewhere. */
export async function selectView(
  { plain = false, json = false }: { plain?: boolean; json?: boolean },
  { stdout, environment }: CommandContext,
): Promise<RunView> {
  const write = (line: string) => stdout.write(`${line}\n`);
  const inCi = environment.CI !== undefined && environment.CI !== '' && environment.CI !== 'false';
  if (json || plain || inCi || !stdout.isTTY || environment.TERM === 'dumb') {
    const views = await import('../terminal/plain-view.js');
    return json ? views.jsonView(write) : views.plainView(write);
  }
  const { liveView } = await import('../terminal/live-view.js');
  return liveView(stdout, write);
}
