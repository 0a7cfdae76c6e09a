/**
 * Chains of elementwise operations over large tensors, run on one block of rows after the other: what lies between the
 * operations stays in the processor's cache, and new memory is touched for the results alone (a first touch of a page
 * costs as much as several passes over it).
 */
import type { Tensor, TensorFlow } from '../ops.js';
import { type Attribute, float32, integerAttribute, nativeBackend, typeAttribute } from './kernels.js';

/** The add-on's id of a tensor outside of TensorFlow.js's accounts. */
export type Id = number;

/** What computes one block. Everything that it makes is deleted with the block, but for the results. */
export interface Block {
  run(name: string, inputs: readonly Id[], attributes?: readonly Attribute[]): Id;
  /** A number that all blocks share. */
  scalar(value: number): Id;
  /** Means of the rows, [rows, 1]. */
  rowMeans(x: Id): Id;
  /** Sums of the columns, [columns]. */
  columnSums(x: Id): Id;
}

export interface Blocks {
  /**
   * `inputs` [.., C] are cut along their rows, `shared` tensors go to every block whole. `compute` gives [rows, C] or
   * [rows, 1] results, then sums that are added up over the blocks. Results come as [all rows, ..]. Not differentiable.
   */
  map(
    tensors: { inputs: readonly Tensor[]; shared?: readonly Tensor[] },
    compute: (block: Block, inputs: Id[], shared: Id[]) => { rows: Id[]; sums?: Id[] },
  ): Tensor[];
}

/** Floats of a block of one tensor: some of them fit into a core's second-level cache. */
const blockFloats = 2 ** 15;
/** Rows are counted in steps of this many: then every block starts where a vector may, and is cut without a copy. */
const alignedRows = 16;

export function createBlocks(tf: TensorFlow): Blocks {
  const backend = nativeBackend(tf);
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

  const execute = (name: string, inputs: readonly Id[], attributes: readonly Attribute[], outputs = 1) =>
    backend.binding.executeOp(name, attributes, inputs, outputs);
  const remove = (ids: Iterable<Id>) => {
    for (const id of ids) backend.binding.deleteTensor(id);
  };

  function reduce(block: Block, name: string, x: Id, along: number, keep: boolean): Id {
    const attributes = [float32, typeAttribute('Tidx', 'int32'), { name: 'keep_dims', type: 3, value: keep }];
    return block.run(name, [x, axis(along)], attributes);
  }

  /** Rows of each block. */
  function partition(rows: number, columns: number): number[] {
    if (backend.isUsingGpuDevice) return [rows];
    const most = Math.max(alignedRows, Math.floor(blockFloats / columns / alignedRows) * alignedRows);
    const count = Math.ceil(rows / most);
    return Array.from({ length: count }, (_, index) => Math.min(most, rows - index * most));
  }

  /** [rows, columns] pieces of a tensor; the caller deletes them. */
  function cut(id: Id, rows: number, parts: readonly number[]): Id[] {
    const shape = backend.binding.createTensor([2], 3, Int32Array.of(rows, -1));
    const sizes = backend.binding.createTensor([parts.length], 3, Int32Array.from(parts));
    const shapeType = typeAttribute('Tshape', 'int32');
    const [matrix] = execute('Reshape', [id, shape], [float32, shapeType]);
    const attributes = [float32, typeAttribute('Tlen', 'int32'), integerAttribute('num_split', parts.length)];
    const zero = constant('zero', () => backend.binding.createTensor([], 3, Int32Array.of(0)));
    const pieces = execute('SplitV', [matrix!.id, sizes, zero], attributes, parts.length);
    remove([shape, sizes, matrix!.id]);
    return pieces.map(piece => piece.id);
  }

  /** One tensor of the parts: stacked, or added up. Deletes the parts. */
  function join(parts: readonly Id[], how: 'stack' | 'add'): Tensor {
    const count = integerAttribute('N', parts.length);
    const zero = constant('zero', () => backend.binding.createTensor([], 3, Int32Array.of(0)));
    const [info] =
      how === 'add' || parts.length === 1
        ? execute('AddN', parts, [float32, count])
        : execute('ConcatV2', [...parts, zero], [float32, typeAttribute('Tidx', 'int32'), count]);
    remove(parts);
    return backend.createOutputTensor(info!);
  }

  return {
    map({ inputs, shared = [] }, compute) {
      const columns = inputs[0]!.shape.at(-1)!;
      const rows = inputs[0]!.size / columns;
      const parts = partition(rows, columns);
      const ids = backend.getInputTensorIds(inputs);
      const pieces = ids.map(id => cut(id, rows, parts));
      const sharedIds = backend.getInputTensorIds(shared);
      const results: { rows: Id[]; sums: Id[] }[] = [];
      for (const index of parts.keys()) {
        const made = new Set(pieces.map(piece => piece[index]!));
        const block: Block = {
          scalar,
          run(name, operands, attributes = [float32]) {
            const [output] = execute(name, operands, attributes);
            made.add(output!.id);
            return output!.id;
          },
          rowMeans: x => reduce(block, 'Mean', x, 1, true),
          columnSums: x => reduce(block, 'Sum', x, 0, false),
        };
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
