import { customGradient } from '../../custom-gradient.js';
import type { AttentionOptions, Ops, Tensor, TensorFlow } from '../../ops.js';
import type { Block, Blocks, Id } from '../blocks.js';
import { booleanAttribute, float32, integerAttribute } from '../kernels.js';
import { type AttentionShape, type HeadRows, headRows } from './head-rows.js';

/** What the blocks of one call share. */
interface Call extends AttentionShape {
  /** Floats of a row: of a token in one head. */
  width: number;
  rows: HeadRows;
  /** Windows that have a bias of their own, 0 without any. */
  biases: number;
}

/** Tensors or ids by name; those that a call has no use for are left out. */
type Named<Value> = Partial<Record<'qkv' | 'dy' | 'factors' | 'padding' | 'bias' | 'zeros', Value>>;

/**
 * Attention in blocks of images. Rows of a head's width are gathered straight from the tokens into the windows of each
 * head and back. The weights are computed again for the gradient, as in Dao et al. 2022: nothing of their size is kept.
 */
export function createAttention(tf: TensorFlow, blocks: Blocks): Ops['attention'] {
  const rowsOf = createRowTables();

  function callOf(qkv: Tensor, { heads, windows, bias }: AttentionOptions): Call {
    const [, tokens, columns] = qkv.shape as [number, number, number];
    const count = windows?.count ?? 1;
    const places = windows ? windows.tokens.length / count : tokens;
    const shape = { heads, tokens, windows: count, places };
    const width = columns / 3 / heads;
    return { ...shape, width, rows: rowsOf(shape, windows), biases: bias?.shape[0] ?? 0 };
  }

  /** `inputs` [N, ..] are cut, `shared` are not; `compute` gets both by name. */
  function map(
    { windows, heads, places }: Call,
    inputs: Named<Tensor>,
    shared: Named<Tensor>,
    compute: (block: Block, ids: Named<Id>) => { rows: Id[]; sums?: Id[] },
  ): Tensor[] {
    const images = inputs.qkv!.shape[0]!;
    const perImage = Object.values(inputs).map(tensor => tf.reshape(tensor, [images, -1]));
    const names = [...Object.keys(inputs), ...Object.keys(shared)];
    const tensors = {
      inputs: perImage,
      shared: Object.values(shared),
      rowFloats: windows * heads * places ** 2,
    };
    return blocks.map(tensors, (block, own, common) =>
      compute(block, Object.fromEntries([...own, ...common].map((id, index) => [names[index]!, id]))),
    );
  }

  function forward(call: Call, inputs: Named<Tensor>, learned: Named<Tensor>): Tensor {
    const [y] = map(call, inputs, learned, (block, ids) => {
      const { v, weights } = attentionWeights(block, call, ids);
      const values = product(block, square(block, call, dropped(block, call, weights, ids)), v, false, false);
      const indices = block.integers(call.rows.intoTokens(block.rows, 1));
      return { rows: [block.gather(block.reshape(values, [-1, call.width]), indices)] };
    });
    return tf.reshape(y!, [inputs.qkv!.shape[0]!, call.tokens, call.heads * call.width]);
  }

  /** Gradients of qkv and of what is learned, by name. */
  function backward(call: Call, inputs: Named<Tensor>, learned: Named<Tensor>): Named<Tensor> {
    const { heads, places, width, biases } = call;
    const zeros = learned.padding ? { zeros: tf.zeros([heads * width]) } : {};
    const [dqkv, ...sums] = map(call, inputs, { ...learned, ...zeros }, (block, ids) => {
      const parts = attentionWeights(block, call, ids);
      const { all, dScores } = attentionGradients(block, call, parts, ids);
      const padded = () => {
        const rows = block.gather(all, block.integers(call.rows.padding(block.rows, 3)));
        return block.columnSums(block.reshape(rows, [-1, 3 * heads * width]));
      };
      const biased = () => block.columnSums(block.reshape(dScores, [-1, biases * heads * places ** 2]));
      return {
        rows: [block.gather(all, block.integers(call.rows.intoTokens(block.rows, 3)))],
        sums: [...(learned.padding ? [padded()] : []), ...(learned.bias ? [biased()] : [])],
      };
    });
    return {
      qkv: tf.reshape(dqkv!, inputs.qkv!.shape),
      ...(learned.padding && { padding: sums[0]! }),
      ...(learned.bias && { bias: tf.reshape(sums.at(-1)!, learned.bias.shape) }),
    };
  }

  return (qkv, options) => {
    const call = callOf(qkv, options);
    const { windows, bias, factors } = options;
    const padding = call.rows.padded > 0 ? windows?.padding : undefined;
    const learned = { ...(padding && { padding }), ...(bias && { bias }) };
    const names = Object.keys(learned) as ('padding' | 'bias')[];
    const attend = customGradient(tf, (...parts) => {
      const given = parts.slice(0, -1) as Tensor[];
      // The factors are saved, too: what a forward pass makes is gone when its gradient is computed.
      (parts.at(-1) as unknown as (saved: Tensor[]) => void)([...given, ...(factors ? [factors] : [])]);
      const named = (tensors: Tensor[]) =>
        Object.fromEntries(names.map((name, index) => [name, tensors[index + 1]!]));
      return {
        value: forward(call, { qkv: given[0]!, ...(factors && { factors }) }, named(given)),
        gradFunc: (dy: Tensor, saved: Tensor[]) => {
          const inputs = { qkv: saved[0]!, dy, ...(factors && { factors: saved.at(-1)! }) };
          const gradients = backward(call, inputs, named(saved));
          return [gradients.qkv!, ...names.map(name => gradients[name]!)];
        },
      };
    });
    return attend(qkv, ...names.map(name => learned[name]!));
  };
}

/** Row tables by window layout, which they live as long as; those of attention without windows by their sizes. */
function createRowTables() {
  const ofLayouts = new WeakMap<Int32Array, HeadRows>();
  const ofSizes = new Map<string, HeadRows>();
  return (shape: AttentionShape, layout: AttentionOptions['windows']): HeadRows => {
    const key = `${shape.heads} ${shape.tokens}`;
    const known = layout ? ofLayouts.get(layout.tokens) : ofSizes.get(key);
    if (known) return known;
    const rows = headRows(shape, layout);
    if (layout) ofLayouts.set(layout.tokens, rows);
    else ofSizes.set(key, rows);
    return rows;
  };
}

const product = (block: Block, a: Id, b: Id, transposeA: boolean, transposeB: boolean): Id =>
  block.run(
    'BatchMatMulV2',
    [a, b],
    [float32, booleanAttribute('adj_x', transposeA), booleanAttribute('adj_y', transposeB)],
  );

/** Matrices of a block: [windows, heads, T, T]. */
const square = (block: Block, { windows, heads, places }: Call, x: Id): Id =>
  block.reshape(x, [block.rows * windows, heads, places, places]);

const scaled = (block: Block, { width }: Call, x: Id): Id =>
  block.run('Mul', [x, block.scalar(width ** -0.5)]);

/** [rows, T] times the factors of dropout. */
const dropped = (block: Block, { places }: Call, x: Id, { factors }: Named<Id>): Id =>
  factors === undefined ? x : block.run('Mul', [x, block.reshape(factors, [-1, places])]);

/** Rows of tokens and, behind them, of `padding` → [kinds, windows, heads, T, width]. */
function intoWindows(block: Block, call: Call, tokens: Id, padding: Id | undefined, kinds: number): Id {
  const rows = [tokens, ...(padding === undefined ? [] : [padding])].map(x =>
    block.reshape(x, [-1, call.width]),
  );
  const shape = [kinds, block.rows * call.windows, call.heads, call.places];
  const indices = block.integers(call.rows.intoWindows(block.rows, kinds), shape);
  return block.gather(rows.length > 1 ? block.concat(rows) : rows[0]!, indices);
}

interface Parts {
  /** [windows, heads, T, width]; q is scaled. */
  q: Id;
  k: Id;
  v: Id;
  /** [windows · heads · T, T] */
  weights: Id;
}

function attentionWeights(block: Block, call: Call, { qkv, padding, bias }: Named<Id>): Parts {
  const { heads, places, biases } = call;
  const unpacked = [float32, integerAttribute('num', 3), integerAttribute('axis', 0)];
  const [query, k, v] = block.runMany('Unpack', [intoWindows(block, call, qkv!, padding, 3)], unpacked, 3);
  const q = scaled(block, call, query!);
  const scores = product(block, q, k!, false, true);
  const biased =
    bias === undefined
      ? scores
      : block.run('AddV2', [block.reshape(scores, [-1, biases, heads, places, places]), bias]);
  return { q, k: k!, v: v!, weights: block.run('Softmax', [block.reshape(biased, [-1, places])]) };
}

/** `all`: rows of the gradients of q, k and v; those of the scores [windows · heads · T, T]. */
function attentionGradients(block: Block, call: Call, { q, k, v, weights }: Parts, ids: Named<Id>) {
  const { windows, heads, places, width } = call;
  const dValues = block.reshape(intoWindows(block, call, ids.dy!, ids.zeros, 1), [
    block.rows * windows,
    heads,
    places,
    width,
  ]);
  const dv = product(block, square(block, call, dropped(block, call, weights, ids)), dValues, true, false);
  const dFactored = block.reshape(product(block, dValues, v, false, true), [-1, places]);
  const dWeights = dropped(block, call, dFactored, ids);
  const level = block.rowSums(block.run('Mul', [dWeights, weights]));
  const dScores = block.run('Mul', [block.run('Sub', [dWeights, level]), weights]);
  const scores = square(block, call, dScores);
  const dq = scaled(block, call, product(block, scores, k, false, false));
  const dk = product(block, scores, q, true, false);
  return { all: block.concat([dq, dk, dv].map(x => block.reshape(x, [-1, width]))), dScores };
}
