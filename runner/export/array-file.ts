/** A matrix of float32 as a file that NumPy and PyTorch read. */
import { extname } from 'node:path';

export interface Matrix {
  /** Of the tensor in a `.safetensors` file. */
  name: string;
  rows: number;
  columns: number;
  /** [rows × columns]. */
  values: Float32Array;
  /** What its rows and columns are: metadata of a `.safetensors` file. */
  description: Record<string, string>;
}

/** Kinds of files, by their extension; CSV is the caller's. */
const writers: Record<string, (matrix: Matrix) => Uint8Array> = { '.npy': npy, '.safetensors': safetensors };

/** Bytes of the file `path`, or undefined where its extension is neither `.npy` nor `.safetensors`. */
export function arrayFile(path: string, matrix: Matrix): Uint8Array | undefined {
  return writers[extname(path).toLowerCase()]?.(matrix);
}

const bytesOf = ({ values }: Matrix) => new Uint8Array(values.buffer, values.byteOffset, values.byteLength);

/** NEP 1, version 1.0: magic, header length, a Python dictionary padded so that the data is aligned to 64 bytes. */
function npy(matrix: Matrix): Uint8Array {
  const prefix = 10;
  const header = `{'descr': '<f4', 'fortran_order': False, 'shape': (${matrix.rows}, ${matrix.columns}), }`;
  const length = Math.ceil((prefix + header.length + 1) / 64) * 64 - prefix;
  const start = Buffer.from(`\x93NUMPY\x01\x00\x00\x00${header.padEnd(length - 1)}\n`, 'latin1');
  start.writeUInt16LE(length, 8);
  return Buffer.concat([start, bytesOf(matrix)]);
}

function safetensors(matrix: Matrix): Uint8Array {
  const { name, rows, columns, values, description } = matrix;
  const tensor = { dtype: 'F32', shape: [rows, columns], data_offsets: [0, values.byteLength] };
  const header = JSON.stringify({ __metadata__: description, [name]: tensor });
  const text = Buffer.from(header + ' '.repeat(-Buffer.byteLength(header) & 7));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  return Buffer.concat([length, text, bytesOf(matrix)]);
}
