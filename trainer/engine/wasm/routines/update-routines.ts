import type { Code } from '../../../simd/code.js';
import type { Routine } from '../../../simd/module.js';
import { type RuleName, ruleNamed, updateRules } from '../../update-rules/all.js';
import type { Elementwise } from '../../update-rules/rule.js';
import { type Columns, rowRoutine } from './row-routine.js';

const zero: Code = [0x43, 0, 0, 0, 0];
const one: Code = [0x43, 0, 0, 0x80, 0x3f];

/** Arithmetic on code; what `once` computes is appended to `before`. */
function codeMath({ lanes, once }: Columns, before: number[]): Elementwise<Code> {
  const { add, sub, mul, div, maximum, sqrt, splat, whereGreater } = lanes;
  return {
    ...{ add, sub, mul, div, maximum, sqrt },
    abs: a => maximum(a, sub(splat(zero), a)),
    sign: a => sub(whereGreater(a, splat(zero), splat(one)), whereGreater(splat(zero), a, splat(one))),
    once(value) {
      const local = once(value);
      before.push(...local.before);
      return local.value;
    },
  };
}

/**
 * One loop over all elements of a parameter (as one row). Called with p, g, each slot, then the outputs in the order
 * p, slots; then the scalars.
 */
function updateRoutine(name: RuleName): Routine {
  const { slots, scalars, step } = ruleNamed(name);
  const inputs = ['p', 'g', ...slots];
  const outputs = ['p', ...slots];
  const place = (output: string) => `new ${output}`;
  return rowRoutine({ tensors: [...inputs, ...outputs.map(place)], scalars: [...scalars] }, at => {
    const before: number[] = [];
    const values = Object.fromEntries(inputs.map(input => [input, at.load(input)]));
    const results = step(
      codeMath(at, before),
      values as Record<'p' | 'g', Code>,
      Object.fromEntries(scalars.map(scalar => [scalar, at.scalar(scalar)])),
    );
    return [...before, ...outputs.flatMap(output => at.store(place(output), results[output]!))];
  });
}

/** Every update rule under its name. */
export const updateRoutines = Object.fromEntries(
  Object.keys(updateRules).map(name => [name, updateRoutine(name as RuleName)]),
) as Record<RuleName, Routine>;
