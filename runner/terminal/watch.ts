const clearScreen = '\u001b[H\u001b[2J\u001b[3J';

/** Shows a text, in place on a terminal, and again only when it has changed. */
export function showChanges(out: Pick<NodeJS.WriteStream, 'write' | 'isTTY'>): (text: string) => void {
  let shown: string | undefined;
  return text => {
    if (text !== shown) out.write(out.isTTY ? `${clearScreen}${text}` : text);
    shown = text;
  };
}
