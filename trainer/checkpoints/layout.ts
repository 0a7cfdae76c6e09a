/** Between the trainer's tensor layouts and those of PyTorch's state dicts. */

/**
 * `HWIO`: a convolution's filter [h, w, I, O], stored as [O, I, h, w]. `depthwise`: a filter for each channel
 * [h, w, C, 1], stored as [C, 1, h, w]. `plain`: alike in both.
 */
export type TensorLayout = 'HWIO' | 'depthwise' | 'plain';

/** A filter's [h, w, I, O] as files see it: each channel of a depthwise one is an output with one input. */
function filterShape(shape: readonly number[], layout: TensorLayout): [number, number, number, number] {
  const [height, width, input, output] = shape as [number, number, number, number];
  return layout === 'depthwise' ? [height, width, output, input] : [height, width, input, output];
}

/** Shape in the file of a tensor with this shape in the trainer. */
export function fileShape(shape: readonly number[], layout: TensorLayout): number[] {
  if (layout === 'plain') return [...shape];
  const [height, width, input, output] = filterShape(shape, layout);
  return [output, input, height, width];
}

/** Values in the order of the file; `shape` is the trainer's. */
export function toFileLayout(
  values: Float32Array,
  shape: readonly number[],
  layout: TensorLayout,
): Float32Array {
  return layout === 'plain' ? values : permuteFilter(values, filterShape(shape, layout), 'toFile');
}

/** Values in the order of the trainer; `shape` is the trainer's. */
export function fromFileLayout(
  values: Float32Array,
  shape: readonly number[],
  layout: TensorLayout,
): Float32Array {
  return layout === 'plain' ? values : permuteFilter(values, filterShape(shape, layout), 'fromFile');
}

/** Channels of a block: both its rows in the trainer's order and those in the file's fit into the processor's cache. */
const block = 16;

function permuteFilter(
  values: Float32Array,
  [height, width, input, output]: [number, number, number, number],
  direction: 'toFile' | 'fromFile',
) {
  const pixels = height * width;
  const result = new Float32Array(values.length);
  const toFile = direction === 'toFile';
  for (let outputs = 0; outputs < output; outputs += block)
    for (let inputs = 0; inputs < input; inputs += block)
      for (let pixel = 0; pixel < pixels; pixel++)
        for (let i = inputs; i < Math.min(inputs + block, input); i++)
          for (let o = outputs; o < Math.min(outputs + block, output); o++) {
            const inFile = (o * input + i) * pixels + pixel;
            const inTrainer = (pixel * input + i) * output + o;
            if (toFile) result[inFile] = values[inTrainer]!;
            else result[inTrainer] = values[inFile]!;
          }
  return result;
}
