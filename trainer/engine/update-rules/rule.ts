/** Arithmetic on tensors of one shape, or on code that will compute with their elements. */
export interface Elementwise<Value> {
  add(a: Value, b: Value): Value;
  sub(a: Value, b: Value): Value;
  mul(a: Value, b: Value): Value;
  div(a: Value, b: Value): Value;
  maximum(a: Value, b: Value): Value;
  sqrt(a: Value): Value;
  abs(a: Value): Value;
  /** -1, 0 or 1. */
  sign(a: Value): Value;
  /** The same value, computed once for several uses. */
  once(a: Value): Value;
}

/**
 * One step of an optimizer on each element of a parameter: `p` is the parameter, `g` its gradient, slots are what the
 * optimizer keeps beside it. Written once, an engine runs it as TensorFlow.js operations or as one compiled loop.
 */
export interface UpdateRule<Slot extends string = string, Scalar extends string = string> {
  slots: readonly Slot[];
  scalars: readonly Scalar[];
  /** The new parameter and slots. */
  step<Value>(
    math: Elementwise<Value>,
    values: Record<'p' | 'g' | Slot, Value>,
    scalars: Record<Scalar, Value>,
  ): Record<'p' | Slot, Value>;
}

/** Only for its types: names of slots and scalars are inferred. */
export const rule = <Slot extends string, Scalar extends string>(
  definition: UpdateRule<Slot, Scalar>,
): UpdateRule<Slot, Scalar> => definition;

/** g + penalty p: an L2 penalty in the gradient. */
export const penalized = <Value>(
  { add, mul, once }: Elementwise<Value>,
  { p, g }: Record<'p' | 'g', Value>,
  penalty: Value,
): Value => once(add(g, mul(p, penalty)));

/** keep average + rest value. */
export const averaged = <Value>(
  { add, mul, once }: Elementwise<Value>,
  [average, keep]: [Value, Value],
  [value, rest]: [Value, Value],
): Value => once(add(mul(average, keep), mul(value, rest)));
