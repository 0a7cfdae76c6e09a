/** Between the trainer's tensor layouts and those of PyTorch's state dicts. */

/** `HWIO`: a convolution's filter, stored as OIHW in files. `plain`: the same in both. */
export type TensorLayout = 'HWIO' | 'plain';

/** Shape in the file of a tensor with this shape in the trainer. */
export function fileShape(shape: readonly number[], layout: TensorLayout): number[] {
  if (layout === 'plain') return [...shape];
  const [height, width, input, output] = shape as [number, number, number, number];
  return [output, input, height, width];
}

/** Values of an HWIO tensor in the order of OIHW (or unchanged). `shape` is the trainer's. */
export function toFileLayout(
  values: Float32Array,
  shape: readonly number[],
  layout: TensorLayout,
): Float32Array {
  if (layout === 'plain') return values;
  const [height, width, input, output] = shape as [number, number, number, number];
  const pixels = height * width;
  const result = new Float32Array(values.length);
  let target = 0;
  for (let o = 0; o < output; o++)
    for (let i = 0; i < input; i++)
      for (let pixel = 0; pixel < pixels; pixel++)
        result[target++] = values[(pixel * input + i) * output + o]!;
  return result;
}

/** The inverse of `toFileLayout`; `shape` is the trainer's. */
export function fromFileLayout(
  values: Float32Array,
  shape: readonly number[],
  layout: TensorLayout,
): Float32Array {
  if (layout === 'plain') return values;
  const [height, width, input, output] = shape as [number, number, number, number];
  const pixels = height * width;
  const result = new Float32Array(values.length);
  let source = 0;
  for (let o = 0; o < output; o++)
    for (let i = 0; i < input; i++)
      for (let pixel = 0; pixel < pixels; pixel++)
        result[(pixel * input + i) * output + o] = values[source++]!;
  return result;
}
