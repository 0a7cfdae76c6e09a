/** The tensors that a run starts from. */
import { Draws, purposeKey } from '../random/random.js';
import type { Model } from './model.js';

/**
 * Initial values of all parameters and buffers by state-dict name, in the trainer's layout. Each is drawn from its own
 * stream keyed by (seed, name): an added layer changes no other one.
 */
export function initialState(model: Model, seed: number): Record<string, Float32Array> {
  const draws = new Draws();
  const values: Record<string, Float32Array> = {};
  for (const { name, role, shape, initialize } of model.entries) {
    if (role === 'counter' || role === 'table') continue;
    const size = shape.reduce((product, side) => product * side, 1);
    values[name] = initialize(size, draws.at(seed, purposeKey(`initialize ${name}`), 0, 0));
  }
  return values;
}
