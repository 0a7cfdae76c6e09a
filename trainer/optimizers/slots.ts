import type { Engine, VariableSet } from '../engine/engine.js';
import type { Tensor } from '../engine/ops.js';

/** The tensors that an optimizer keeps for each parameter, one set a kind, under the parameters' own names. */
export type Slots<Kind extends string> = Record<Kind, VariableSet>;

/** For each kind a tensor of each named parameter's shape, filled with the kind's initial value. */
export function createSlots<Kind extends string>(
  initial: Record<Kind, number>,
  engine: Engine,
  parameters: VariableSet,
  names: readonly string[],
): Slots<Kind> {
  const filled = (value: number) =>
    engine.variables(
      Object.fromEntries(names.map(name => [name, engine.tf.fill(parameters.value(name).shape, value)])),
    );
  const kinds = Object.entries<number>(initial);
  return Object.fromEntries(kinds.map(([kind, value]) => [kind, filled(value)])) as Slots<Kind>;
}

/** `<parameter>.<kind>` → value. */
export function readSlots(slots: Slots<string>): Record<string, Tensor> {
  return Object.fromEntries(
    Object.entries(slots).flatMap(([kind, variables]) =>
      Object.entries(variables.read()).map(([name, value]) => [`${name}.${kind}`, value]),
    ),
  );
}

/** The inverse of `readSlots`. Throws where a tensor is missing or left over: it is another optimizer's state. */
export function loadSlots(slots: Slots<string>, state: Record<string, Tensor>): void {
  const left = new Map(Object.entries(state));
  for (const [kind, variables] of Object.entries(slots))
    for (const name of variables.names) {
      const key = `${name}.${kind}`;
      const value = left.get(key);
      if (!value) throw new Error(`optimizer state: ${key} is missing`);
      variables.assign(name, value);
      left.delete(key);
    }
  if (left.size > 0)
    throw new Error(`optimizer state: ${[...left.keys()].join(', ')} belong to another optimizer`);
}

export function disposeSlots(slots: Slots<string>): void {
  for (const variables of Object.values(slots)) variables.dispose();
}
