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
