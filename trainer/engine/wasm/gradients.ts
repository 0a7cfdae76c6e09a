/**
 * Gradients of TensorFlow.js's own kernels. The union package registers them all, but tfjs-core keeps the
 * registration in ES modules without file extensions, which Node can't load; these are the ones that image
 * models and their losses use.
 */
import type { GradConfig, NamedAttrMap } from '@tensorflow/tfjs-core';
import type { Tensor, TensorFlow } from '../ops.js';

type Tensor1D = import('@tensorflow/tfjs-core').Tensor1D;
type Tensor2D = import('@tensorflow/tfjs-core').Tensor2D;
type Tensor4D = import('@tensorflow/tfjs-core').Tensor4D;

interface Gradient {
  /** Inputs to save; `all` where their number varies. */
  inputs?: string[] | 'all';
  saveOutput?: boolean;
  /** `saved`: the inputs, then the output, as asked for above. */
  of(dy: Tensor, saved: Tensor[], attributes: NamedAttrMap): Record<string, () => Tensor>;
}

/** Registers every gradient that isn't registered yet. */
export function registerGradients(tf: TensorFlow): void {
  for (const [kernelName, gradient] of Object.entries({ ...arithmetic(tf), ...layout(tf), ...layers(tf) })) {
    if (tf.getGradient(kernelName)) continue;
    const config: GradConfig = {
      kernelName,
      ...(gradient.inputs === 'all' ? { saveAllInputs: true } : { inputsToSave: gradient.inputs ?? [] }),
      outputsToSave: [gradient.saveOutput ?? false],
      gradFunc: (dy, saved, attributes) => gradient.of(dy as Tensor, saved, attributes),
    };
    tf.registerGradient(config);
  }
}

function arithmetic(tf: TensorFlow): Record<string, Gradient> {
  /** Sums `value` over the axes along which `like` was broadcast. */
  const reduceTo = (value: Tensor, like: Tensor) =>
    tf.reshape(tf.sum(value, tf.broadcast_util.getReductionAxes(like.shape, value.shape)), like.shape);
  const binary = (
    a: (dy: Tensor, a: Tensor, b: Tensor) => Tensor,
    b: (dy: Tensor, a: Tensor, b: Tensor) => Tensor,
  ): Gradient => ({
    inputs: ['a', 'b'],
    of: (dy, [x, y]) => ({ a: () => reduceTo(a(dy, x!, y!), x!), b: () => reduceTo(b(dy, x!, y!), y!) }),
  });
  const ofInput = (gradient: (dy: Tensor, x: Tensor) => Tensor): Gradient => ({
    inputs: ['x'],
    of: (dy, [x]) => ({ x: () => gradient(dy, x!) }),
  });
  const ofOutput = (gradient: (dy: Tensor, y: Tensor) => Tensor): Gradient => ({
    saveOutput: true,
    of: (dy, [y]) => ({ x: () => gradient(dy, y!) }),
  });
  const expand = (dy: Tensor, x: Tensor, axis: number | number[]) => {
    const axes = tf.util.parseAxisParam(axis, x.shape);
    const shape = x.shape.map((size, index) => (axes.includes(index) ? 1 : size));
    return {
      dy: tf.reshape(dy, shape),
      count: axes.reduce((product, index) => product * x.shape[index]!, 1),
    };
  };
  return {
    Add: binary(
      dy => dy,
      dy => dy,
    ),
    Sub: binary(
      dy => dy,
      dy => tf.neg(dy),
    ),
    Multiply: binary(
      (dy, _, b) => tf.mul(dy, b),
      (dy, a) => tf.mul(dy, a),
    ),
    RealDiv: binary(
      (dy, _, b) => tf.div(dy, b),
      (dy, a, b) => tf.neg(tf.div(tf.mul(dy, a), tf.square(b))),
    ),
    Neg: ofOutput(dy => tf.neg(dy)),
    Square: ofInput((dy, x) => tf.mul(dy, tf.mul(x, 2))),
    Sqrt: ofOutput((dy, y) => tf.div(dy, tf.mul(y, 2))),
    Rsqrt: ofOutput((dy, y) => tf.mul(dy, tf.mul(-0.5, tf.mul(y, tf.square(y))))),
    Exp: ofOutput((dy, y) => tf.mul(dy, y)),
    Log: ofInput((dy, x) => tf.div(dy, x)),
    Sigmoid: ofOutput((dy, y) => tf.mul(dy, tf.mul(y, tf.sub(1, y)))),
    Tanh: ofOutput((dy, y) => tf.mul(dy, tf.sub(1, tf.square(y)))),
    Relu: ofOutput((dy, y) => tf.mul(dy, tf.step(y))),
    Sum: {
      inputs: ['x'],
      of: (dy, [x], { axis }) => ({
        x: () => tf.mul(expand(dy, x!, axis as number[]).dy, tf.onesLike(x!)),
      }),
    },
    Mean: {
      inputs: ['x'],
      of: (dy, [x], { axis }) => ({
        x: () => {
          const expanded = expand(dy, x!, axis as number[]);
          return tf.mul(tf.div(expanded.dy, expanded.count), tf.onesLike(x!));
        },
      }),
    },
    Softmax: {
      saveOutput: true,
      of: (dy, [y], { dim }) => ({
        logits: () => {
          const product = tf.mul(dy, y!);
          return tf.sub(product, tf.mul(tf.sum(product, dim as number, true), y!));
        },
      }),
    },
    LogSoftmax: {
      saveOutput: true,
      of: (dy, [y], { axis }) => ({
        logits: () => tf.sub(dy, tf.mul(tf.sum(dy, axis as number, true), tf.exp(y!))),
      }),
    },
  };
}

function layout(tf: TensorFlow): Record<string, Gradient> {
  const reshaped = (input: string): Gradient => ({
    inputs: [input],
    of: (dy, [x]) => ({ [input]: () => tf.reshape(dy, x!.shape) }),
  });
  return {
    Identity: { of: dy => ({ x: () => tf.cast(dy, 'float32') }) },
    Cast: { of: dy => ({ x: () => tf.clone(dy) }) },
    Reshape: reshaped('x'),
    ExpandDims: reshaped('input'),
    Transpose: {
      of: (dy, _, { perm }) => ({
        x: () => tf.transpose(dy, tf.backend_util.getUndoAxesPermutation(perm as number[])),
      }),
    },
    Concat: {
      inputs: 'all',
      of: (dy, parts, { axis }) => {
        const [dimension] = tf.util.parseAxisParam(axis as number, dy.shape) as [number];
        const sizes = parts.map(part => part.shape[dimension]!);
        const split = tf.split(dy, sizes, dimension);
        return Object.fromEntries(split.map((part, index) => [index, () => part]));
      },
    },
    GatherV2: {
      inputs: ['x', 'indices'],
      of: (dy, [x, indices], { axis, batchDims }) => {
        if (axis !== 0 || batchDims !== 0)
          throw new Error('the gradient of gather is there for axis 0 alone');
        return {
          x: () => tf.unsortedSegmentSum(dy, indices as Tensor1D, x!.shape[0]!),
          indices: () => tf.zerosLike(indices!),
        };
      },
    },
    PadV2: {
      inputs: ['x'],
      of: (dy, [x], { paddings }) => ({
        x: () =>
          tf.slice(
            dy,
            (paddings as [number, number][]).map(([before]) => before),
            x!.shape,
          ),
      }),
    },
    Slice: {
      inputs: ['x'],
      of: (dy, [x], { begin, size }) => ({
        x: () => {
          const [from, extent] = tf.slice_util.parseSliceParams(x!, begin as number[], size as number[]);
          return tf.pad(
            dy,
            from!.map((start, axis) => [start, x!.shape[axis]! - start - extent![axis]!] as [number, number]),
          );
        },
      }),
    },
  };
}

function layers(tf: TensorFlow): Record<string, Gradient> {
  return {
    BatchMatMul: {
      inputs: ['a', 'b'],
      of: (dy, [a, b], { transposeA, transposeB }) => {
        // C = op(A) op(B): each gradient is a product of dy with the other one, in the order that undoes op.
        const product = (x: Tensor, y: Tensor, tx: unknown, ty: unknown) =>
          tf.matMul(x as Tensor2D, y as Tensor2D, Boolean(tx), Boolean(ty));
        return {
          a: () => (transposeA ? product(b!, dy, transposeB, true) : product(dy, b!, false, !transposeB)),
          b: () => (transposeB ? product(dy, a!, true, transposeA) : product(a!, dy, !transposeA, false)),
        };
      },
    },
    Conv2D: {
      inputs: ['x', 'filter'],
      of: (dy, [x, filter], attributes) => ({
        x: () =>
          tf.engine().runKernel(
            'Conv2DBackpropInput',
            { dy, filter: filter! },
            {
              ...attributes,
              inputShape: x!.shape,
            },
          ),
        filter: () =>
          tf.engine().runKernel(
            'Conv2DBackpropFilter',
            { x: x!, dy },
            {
              ...attributes,
              filterShape: filter!.shape,
            },
          ),
      }),
    },
    DepthwiseConv2dNative: {
      inputs: ['x', 'filter'],
      of: (dy, [x, filter], attributes) => ({
        x: () =>
          tf.engine().runKernel(
            'DepthwiseConv2dNativeBackpropInput',
            { dy, filter: filter! },
            {
              ...attributes,
              inputShape: x!.shape,
            },
          ),
        filter: () =>
          tf.engine().runKernel(
            'DepthwiseConv2dNativeBackpropFilter',
            { x: x!, dy },
            {
              ...attributes,
              filterShape: filter!.shape,
            },
          ),
      }),
    },
    MaxPool: {
      inputs: ['x'],
      saveOutput: true,
      of: (dy, [x, y], attributes) => ({
        x: () => tf.engine().runKernel('MaxPoolGrad', { dy, input: x!, output: y! }, attributes),
      }),
    },
    AvgPool: {
      inputs: ['x'],
      of: (dy, [x], attributes) => ({
        x: () => tf.engine().runKernel('AvgPoolGrad', { dy, input: x as Tensor4D }, attributes),
      }),
    },
  };
}
