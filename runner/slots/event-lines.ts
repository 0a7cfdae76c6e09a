/** Splits a byte stream into lines of bounded length. */

/** Longer lines are cut off: no event is longer (a `started` event carries the history of thousands of epochs). */
const maximumLineLength = 8 * 1024 * 1024;

export interface Line {
  text: string;
  /** The line was longer than the bound; `text` is its beginning. */
  cut: boolean;
}

/**
 * Yields the lines of `stream` without their line ends. Reads no further than it is asked to, so that a
 * flood on the stream stops at the writer. Memory: one line up to `limit` characters and one chunk.
 */
export async function* readLines(
  stream: AsyncIterable<Buffer | string>,
  limit: number = maximumLineLength,
): AsyncGenerator<Line, undefined> {
  const decoder = new TextDecoder();
  let pieces: string[] = [];
  let length = 0;
  const take = (piece: string) => {
    if (length < limit) pieces.push(piece.slice(0, limit - length));
    length += piece.length;
  };
  const finish = (): Line => {
    const text = pieces.join('');
    const line = { text: text.endsWith('\r') ? text.slice(0, -1) : text, cut: length > limit };
    pieces = [];
    length = 0;
    return line;
  };
  for await (const chunk of stream) {
    const text = typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true });
    let from = 0;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
      take(text.slice(from, end));
      yield finish();
      from = end + 1;
    }
    take(text.slice(from));
  }
  if (length > 0) yield finish();
}
