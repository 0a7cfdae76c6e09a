import type { Precision } from '../../../contract/run-spec.js';
import {
  type Attribute,
  booleanAttribute,
  type DataType,
  type NativeBackend,
  typeAttribute,
} from '../kernels.js';
import { autocastRules } from './autocast-rules.js';

type ExecuteOp = NativeBackend['binding']['executeOp'];

/**
 * `executeOp` on float32 values of the add-on, with products in a precision: for chains of operations that TensorFlow.js
 * knows nothing of. Their operands are converted, and their results back.
 */
export function executeIn(backend: NativeBackend, precision: Precision): ExecuteOp {
  const plain: ExecuteOp = (...call) => backend.binding.executeOp(...call);
  if (precision === 'float32') return plain;

  const cast = (id: number, from: DataType, to: DataType) => {
    const types = [typeAttribute('SrcT', from), typeAttribute('DstT', to)];
    return plain('Cast', [...types, booleanAttribute('Truncate', false)], [id], 1)[0]!;
  };
  const inHalf = (attribute: Attribute) =>
    attribute.name === 'T' ? typeAttribute('T', precision) : attribute;

  return (name, attributes, inputs, outputs) => {
    if (autocastRules[name]?.when !== 'always') return plain(name, attributes, inputs, outputs);
    const operands = inputs.map(id => cast(id, 'float32', precision).id);
    const products = plain(name, attributes.map(inHalf), operands, outputs);
    const results = products.map(({ id }) => cast(id, precision, 'float32'));
    for (const id of [...operands, ...products.map(({ id }) => id)]) backend.binding.deleteTensor(id);
    return results;
  };
}
