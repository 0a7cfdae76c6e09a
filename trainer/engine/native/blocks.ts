/**
 * Chains of elementwise operations over large tensors, run on one block of rows after the other: what lies between the
 * operations stays in the processor's cache, and new memory is touched for the results alone (a first touch of a page
 * costs as much as several passes over it).
 */
import type { Precision } from '../../contract/run-spec.js';
import type { Tensor, TensorFlow } from '../ops.js';
import {
  type Attribute,
  booleanAttribute,
  float32,
  integerAttribute,
  nativeBackend,
  typeAttribute,
} from './kernels.js';
import { executeIn } from './precision/half-products.js';

/** The add-on's id of a tensor outside of TensorFlow.js's accounts. */
export type Id = number;

/** What computes one block. Everything that it makes is deleted with the block, but for the results. */
export interface Block {
  /** Number of its rows. */
  readonly rows: number;
  run(name: string, inputs: readonly Id[], attributes?: readonly Attribute[]): Id;
  /** All outputs of an operation. */
  runMany(name: string, inputs: readonly Id[], attributes: readonly Attribute[], outputs: number): Id[];
  /** A number that all blocks share. */
  scalar(value: number): Id;
  integers(values: Int32Array, shape?: readonly number[]): Id;
  reshape(x: Id, shape: readonly number[]): Id;
  /** Rows of x [rows, ..] in the order of `indices`. */
  gather(x: Id, indices: Id): Id;
  /** One after the other along the first axis. */
  concat(parts: readonly Id[]): Id;
  /** Means of the rows, [rows, 1]. */
  rowMeans(x: Id): Id;
  /** Sums of the rows, [rows, 1]. */
  rowSums(x: Id): Id;
  /** Sums of the columns, [columns]. */
  columnSums(x: Id): Id;
}

export interface Blocks {
  /**
   * `inputs` [.., C] are cut along their rows, `shared` tensors go to every block whole. `compute` gives [rows, C] or
   * [rows, 1] results, then sums that are added up over the blocks. Results come as [all rows, ..]. Not differentiable.
   *
   * @param tensors.rowFloats what a row of the largest tensor of a block has; C if it is left out
   */
  map(
    tensors: { inputs: readonly Tensor[]; shared?: readonly Tensor[]; rowFloats?: number },
    compute: (block: Block, inputs: Id[], shared: Id[]) => { rows: Id[]; sums?: Id[] },
  ): Tensor[];
}

/**
 * Floats of a block of one tensor: few enough for the caches (some of them are 1 MiB each), so many that the time of an
 * operation is in its loop, not in its call.
 */
const blockFloats = 2 ** 18;
const index = typeAttribute('Tidx', 'int32');
const shapeType = typeAttribute('Tshape', 'int32');
const gatherAttributes = [
  typeAttribute('Tparams', 'float32'),
  typeAttribute('Tindices', 'int32'),
  typeAttribute('Taxis', 'int32'),
];
/** Rows are counted in steps of this many: then every block starts where a vector may, and is cut without a copy. */
const alignedRows = 16;

/** `precision`: of the products among the operations. */
export function createBlocks(tf: TensorFlow, precision: Precision): Blocks {
  const backend = nativeBackend(tf);
  const executeOp = executeIn(backend, precision);
  const constants = new Map<string, Id>();

  function constant(key: string, create: () => Id): Id {
    const known = constants.get(key);
    if (known !== undefined) return known;
    const id = create();
    constants.set(key, id);
    return id;
  }
  const scalar = (value: number) =>
    constant(`float ${value}`, () => backend.binding.createTensor([], 1, Float32Array.of(value)));
  const axis = (value: number) =>
    constant(`axis ${value}`, () => backend.binding.createTensor([1], 3, Int32Array.of(value)));

  const zero = () => constant('zero', () => backend.binding.createTensor([], 3, Int32Array.of(0)));

  const execute = (name: string, inputs: readonly Id[], attributes: readonly Attribute[], outputs = 1) =>
    executeOp(name, attributes, inputs, outputs);
  const remove = (ids: Iterable<Id>) => {
    for (const id of ids) backend.binding.deleteTensor(id);
  };

  /** What computes a block of `rows` rows; `made` gets all that it makes. */
  function createBlock(rows: number, made: Set<Id>): Block {
    const add = (id: Id): Id => {
      made.add(id);
      return id;
    };
    const runMany = (
      name: string,
      inputs: readonly Id[],
      attributes: readonly Attribute[],
      outputs: number,
    ) => execute(name, inputs, attributes, outputs).map(({ id }) => add(id));
    const run = (name: string, inputs: readonly Id[], attributes: readonly Attribute[] = [float32]) =>
      runMany(name, inputs, attributes, 1)[0]!;
    const integers = (values: Int32Array, shape: readonly number[] = [values.length]) =>
      add(backend.binding.createTensor(shape, 3, values));
    const reduce = (name: string, x: Id, along: number, keep: boolean): Id =>
      run(name, [x, axis(along)], [float32, index, booleanAttribute('keep_dims', keep)]);
    return {
      rows,
      run,
      runMany,
      scalar,
      integers,
      reshape: (x, shape) => run('Reshape', [x, integers(Int32Array.from(shape))], [float32, shapeType]),
      gather: (x, indices) => run('GatherV2', [x, indices, zero()], gatherAttributes),
      concat: parts =>
        run('ConcatV2', [...parts, zero()], [float32, index, integerAttribute('N', parts.length)]),
      rowMeans: x => reduce('Mean', x, 1, true),
      rowSums: x => reduce('Sum', x, 1, true),
      columnSums: x => reduce('Sum', x, 0, false),
    };
  }

  /** Rows of each block. Where a few rows fill it, they are large enough to be cut anywhere. */
  function partition(rows: number, rowFloats: number): number[] {
    if (backend.isUsingGpuDevice) return [rows];
    const fitting = Math.floor(blockFloats / rowFloats);
    const most = fitting < alignedRows ? Math.max(1, fitting) : fitting - (fitting % alignedRows);
    const count = Math.ceil(rows / most);
    return Array.from({ length: count }, (_, index) => Math.min(most, rows - index * most));
  }

  /** [rows, columns] pieces of a tensor; the caller deletes them. */
  function cut(id: Id, rows: number, parts: readonly number[]): Id[] {
    const shape = backend.binding.createTensor([2], 3, Int32Array.of(rows, -1));
    const sizes = backend.binding.createTensor([parts.length], 3, Int32Array.from(parts));
    const [matrix] = execute('Reshape', [id, shape], [float32, shapeType]);
    const attributes = [float32, typeAttribute('Tlen', 'int32'), integerAttribute('num_split', parts.length)];
    const pieces = execute('SplitV', [matrix!.id, sizes, zero()], attributes, parts.length);
    remove([shape, sizes, matrix!.id]);
    return pieces.map(piece => piece.id);
  }

  /** One tensor of the parts: stacked, or added up. Deletes the parts. */
  function join(parts: readonly Id[], how: 'stack' | 'add'): Tensor {
    const count = integerAttribute('N', parts.length);
    const [info] =
      how === 'add' || parts.length === 1
        ? execute('AddN', parts, [float32, count])
        : execute('ConcatV2', [...parts, zero()], [float32, index, count]);
    remove(parts);
    return backend.createOutputTensor(info!);
  }

  return {
    map({ inputs, shared = [], rowFloats = inputs[0]!.shape.at(-1)! }, compute) {
      const rows = inputs[0]!.size / inputs[0]!.shape.at(-1)!;
      const parts = partition(rows, rowFloats);
      const ids = backend.getInputTensorIds(inputs);
      const pieces = ids.map(id => cut(id, rows, parts));
      const sharedIds = backend.getInputTensorIds(shared);
      const results: { rows: Id[]; sums: Id[] }[] = [];
      for (const index of parts.keys()) {
        const made = new Set(pieces.map(piece => piece[index]!));
        const block = createBlock(parts[index]!, made);
        const result = compute(block, [...made], sharedIds);
        results.push({ rows: result.rows, sums: result.sums ?? [] });
        for (const id of [...result.rows, ...(result.sums ?? [])]) made.delete(id);
        remove(made);
      }
      const [first] = results;
      return [
        ...first!.rows.map((_, place) =>
          join(
            results.map(result => result.rows[place]!),
            'stack',
          ),
        ),
        ...first!.sums.map((_, place) =>
          join(
            results.map(result => result.sums[place]!),
            'add',
          ),
        ),
      ];
    },
  };
}
