/** Files as a tar stream (POSIX ustar) whose bytes depend on names and contents alone: no times, no owners. */

export interface TarFile {
  /** Relative, with `/`; at most 255 bytes, and 100 after the last `/` that may split it. */
  name: string;
  isProgram: boolean;
  content: Uint8Array;
}

const blockBytes = 512;
/** Of the fields, in order: pax(1), "ustar Interchange Format". */
const nameBytes = 100;
const prefixBytes = 155;

/** @throws RangeError for a name that doesn't fit */
export async function* tarOf(
  files: Iterable<TarFile> | AsyncIterable<TarFile>,
): AsyncGenerator<Uint8Array, void> {
  for await (const file of files) {
    yield headerOf(file);
    yield file.content;
    yield Buffer.alloc((blockBytes - (file.content.length % blockBytes)) % blockBytes);
  }
  yield Buffer.alloc(2 * blockBytes);
}

function headerOf({ name, isProgram, content }: TarFile): Buffer {
  const header = Buffer.alloc(blockBytes);
  const [prefix, rest] = splitName(name);
  header.write(rest, 0);
  header.write(isProgram ? '0000755\0' : '0000644\0', 100);
  header.write('0000000\0'.repeat(2), 108);
  header.write(`${content.length.toString(8).padStart(11, '0')}\0`, 124);
  header.write('00000000000\0', 136);
  header.write(' '.repeat(8), 148);
  header.write('0', 156);
  header.write('ustar\u000000', 257);
  header.write(prefix, 345);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return header;
}

function splitName(name: string): [prefix: string, rest: string] {
  if (Buffer.byteLength(name) <= nameBytes) return ['', name];
  for (let at = name.indexOf('/'); at >= 0; at = name.indexOf('/', at + 1)) {
    const [prefix, rest] = [name.slice(0, at), name.slice(at + 1)];
    if (Buffer.byteLength(rest) <= nameBytes && Buffer.byteLength(prefix) <= prefixBytes)
      return [prefix, rest];
  }
  throw new RangeError(`${name} is too long a name for a tar file`);
}
