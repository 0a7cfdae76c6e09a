/** Splits a byte stream into lines of bounded length. */

/** Longer lines are cut off: no event is longer (a `started` event carries the history of thousands of epochs). */
const maximumLineLength = 8 * 1024 * 1024;

export interface Line {
  text: string;
  /** What ended it: a progress bar ends what it writes with a carriage return alone. At the end of the stream a line feed. */
  end: '\n' | '\r';
  /** The line was longer than the bound; `text` is its beginning. */
  cut: boolean;
}

/**
 * Yields the lines of `stream` without their line ends (LF, CRLF, CR). Reads no further than it is asked to, so that a
 * flood on the stream stops at the writer. Memory: one line up to `limit` characters and one chunk.
 */
export async function* readLines(
  stream: AsyncIterable<Buffer | string>,
  limit: number = maximumLineLength,
): AsyncGenerator<Line, undefined> {
  const decoder = new TextDecoder();
  let pieces: string[] = [];
  let length = 0;
  /** The last chunk ended with a carriage return: whether a line feed belongs to it is in the next one. */
  let returned = false;
  const take = (piece: string) => {
    if (length < limit) pieces.push(piece.slice(0, limit - length));
    length += piece.length;
  };
  const finish = (end: Line['end']): Line => {
    const line: Line = { text: pieces.join(''), end, cut: length > limit };
    pieces = [];
    length = 0;
    return line;
  };
  const lineEnds = /\r\n|\n|\r/g;
  for await (const chunk of stream) {
    let text = typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true });
    if (text === '') continue;
    if (returned) text = `\r${text}`;
    returned = text.endsWith('\r');
    if (returned) text = text.slice(0, -1);
    let from = 0;
    for (const { 0: end, index } of text.matchAll(lineEnds)) {
      take(text.slice(from, index));
      yield finish(end === '\r' ? '\r' : '\n');
      from = index + end.length;
    }
    take(text.slice(from));
  }
  if (length > 0) yield finish('\n');
}
