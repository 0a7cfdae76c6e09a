import { averaged, rule } from './rule.js';

/** keep p + rest g: a moving average `p` of the values `g`. */
export const average = rule({
  slots: [],
  scalars: ['keep', 'rest'],
  step: (math, { p, g }, { keep, rest }) => ({ p: averaged(math, [p, keep], [g, rest]) }),
});

/** p + g */
export const add = rule({
  slots: [],
  scalars: [],
  step: (math, { p, g }) => ({ p: math.add(p, g) }),
});
