import type { Engine, VariableSet } from '../backend/engine.js';
import type { Tensor } from '../backend/ops.js';

/** The tensors that an optimizer keeps for each parameter, one set a kind, under the parameters' own names. */
export type Slots<Kind extends string> = Record<Kind, VariableSet>;

/** Zeros of every parameter's shape for each kind. */
export function createSlots<Kind extends string>(
  kinds: readonly Kind[],
  engine: Engine,
  parameters: VariableSet,
): Slots<Kind> {
  const zeros = () =>
    engine.variables(
      Object.fromEntries(
        Object.entries(parameters.read()).map(([name, value]) => [name, engine.tf.zeros(value.shape)]),
      ),
    );
  return Object.fromEntries(kinds.map(kind => [kind, zeros()])) as Slots<Kind>;
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
