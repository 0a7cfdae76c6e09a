/** As much of protocol buffers' encoding as event files need: https://protobuf.dev/programming-guides/encoding */

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = BigInt(value);
  for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  return Buffer.from([...bytes, Number(rest)]);
}

const key = (field: number, type: number) => varint((field << 3) | type);

/** Whole, 0 or more. */
export const whole = (field: number, value: number): Buffer => Buffer.concat([key(field, 0), varint(value)]);

export function double(field: number, value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleLE(value);
  return Buffer.concat([key(field, 1), bytes]);
}

export function float(field: number, value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeFloatLE(value);
  return Buffer.concat([key(field, 5), bytes]);
}

/** Text, or a message of these parts. */
export function message(field: number, ...parts: (Buffer | string)[]): Buffer {
  const content = Buffer.concat(parts.map(part => (typeof part === 'string' ? Buffer.from(part) : part)));
  return Buffer.concat([key(field, 2), varint(content.length), content]);
}

/** A field of an encoded message: a whole number, or the bytes of text, a message or a number of fixed size. */
interface Field {
  field: number;
  value: number | Buffer;
}

/** Fields of a message in order. @throws RangeError for what is none */
export function* fieldsOf(encoded: Buffer): Generator<Field> {
  let at = 0;
  const nextVarint = (): number => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = encoded.readUInt8(at++);
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return Number(value);
    }
  };
  const nextBytes = (length: number): Buffer => {
    if (at + length > encoded.length) throw new RangeError('ends within a field');
    at += length;
    return encoded.subarray(at - length, at);
  };
  while (at < encoded.length) {
    const key = nextVarint();
    const type = key & 7;
    const field = key >>> 3;
    if (type === 0) yield { field, value: nextVarint() };
    else if (type === 1) yield { field, value: nextBytes(8) };
    else if (type === 2) yield { field, value: nextBytes(nextVarint()) };
    else if (type === 5) yield { field, value: nextBytes(4) };
    else throw new RangeError(`type ${type}`);
  }
}
