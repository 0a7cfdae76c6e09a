import { setTimeout as sleep } from 'node:timers/promises';

const pollMs = 1000;
const clearScreen = '\u001b[H\u001b[2J\u001b[3J';

/** Shows a text, and shows it again whenever it has changed, until the process is ended. In place on a terminal. */
export async function watchChanges(
  read: () => Promise<string>,
  out: Pick<NodeJS.WriteStream, 'write' | 'isTTY'>,
): Promise<never> {
  let shown: string | undefined;
  for (;;) {
    const text = await read();
    if (text !== shown) out.write(out.isTTY ? `${clearScreen}${text}` : text);
    shown = text;
    await sleep(pollMs);
  }
}
