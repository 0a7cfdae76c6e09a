import type { Tensor } from '../../ops.js';
import {
  type Attribute,
  booleanAttribute,
  type DataType,
  dataTypes,
  float32,
  type NativeBackend,
  type OutputInfo,
  typeAttribute,
} from '../kernels.js';
import { type AutocastRule, autocastRules, type HalfType } from './autocast-rules.js';

interface HalfValues {
  type: HalfType;
  /** The add-on's id. */
  id: number;
  /** The tensor was computed in half precision; else these are a copy of its float32 values. */
  original: boolean;
}

/** Names of the attribute that says what an operation computes in. */
const elementAttributes = new Set(['T', 'Tparams']);

/**
 * Tensors in half precision, which TensorFlow.js knows nothing of: to it they are float32 tensors like others, in its
 * accounts, its `tidy` and its gradients. Their values lie beside them in TensorFlow. An operation with an autocast
 * rule takes these; any other one makes the backend (backend.ts) ask for float32 values, and gets them converted. Either
 * conversion is done once for a tensor, and both values go when the tensor goes.
 */
export class HalfTensors {
  readonly #values = new Map<object, HalfValues>();

  constructor(private readonly backend: NativeBackend) {}

  /** The values in half precision: `x` itself if it is, else a tensor of its own on what is kept with `x`. */
  lower(x: Tensor, type: HalfType): Tensor {
    const known = this.#values.get(x.dataId);
    if (known?.original && known.type === type) return x;
    const [same] = this.backend.binding.executeOp(
      'Identity',
      [typeAttribute('T', type)],
      [this.#halfId(x, type)],
      1,
    );
    return this.#adopt(same!);
  }

  /** Runs an operation in half precision: the rule's operands are converted where they aren't. */
  run(
    { operands, asIntegers }: AutocastRule,
    type: HalfType,
    name: string,
    attributes: readonly Attribute[],
    inputs: readonly Tensor[],
    outputs: number,
  ): Tensor[] {
    const { binding } = this.backend;
    const ids = inputs.map((input, place) =>
      input.dtype === 'float32' && (operands?.includes(place) ?? true)
        ? this.#halfId(input, type)
        : this.backend.getInputTensorIds([input])[0]!,
    );
    const element = asIntegers ? 'int16' : type;
    const lowered = attributes.map(attribute =>
      elementAttributes.has(attribute.name) && attribute.value === float32.value
        ? typeAttribute(attribute.name, element)
        : attribute,
    );
    if (!asIntegers) return binding.executeOp(name, lowered, ids, outputs).map(info => this.#adopt(info));
    const read = ids.map(id => this.#reread(id, type, 'int16').id);
    const made = binding.executeOp(name, lowered, read, outputs);
    const results = made.map(({ id }) => this.#adopt(this.#reread(id, 'int16', type)));
    for (const id of [...read, ...made.map(({ id }) => id)]) binding.deleteTensor(id);
    return results;
  }

  /** The same bits as another type, without copying. */
  #reread(id: number, from: DataType, to: DataType): OutputInfo {
    const attributes = [typeAttribute('T', from), typeAttribute('type', to)];
    return this.backend.binding.executeOp('Bitcast', attributes, [id], 1)[0]!;
  }

  /** A tensor of TensorFlow.js for an output; a half one gets no float32 values until somebody asks for them. */
  #adopt(info: OutputInfo): Tensor {
    const type = (['bfloat16', 'float16'] as const).find(name => dataTypes[name] === info.dtype);
    if (!type) return this.backend.createOutputTensor(info);
    const tensor = this.backend.createOutputTensor({ ...info, id: -1, dtype: dataTypes.float32 });
    this.#values.set(tensor.dataId, { type, id: info.id, original: true });
    return tensor;
  }

  #halfId(x: Tensor, type: HalfType): number {
    const known = this.#values.get(x.dataId);
    if (known?.type === type) return known.id;
    const [source] = this.backend.getInputTensorIds([x]);
    if (known) this.backend.binding.deleteTensor(known.id);
    const id = this.#cast(source!, 'float32', type);
    this.#values.set(x.dataId, { type, id, original: false });
    return id;
  }

  #cast(id: number, from: DataType, to: DataType): number {
    const attributes = [
      typeAttribute('SrcT', from),
      typeAttribute('DstT', to),
      booleanAttribute('Truncate', false),
    ];
    return this.backend.binding.executeOp('Cast', attributes, [id], 1)[0]!.id;
  }

  /** Gives a half tensor its float32 values. */
  raise(dataId: object): void {
    const half = this.#values.get(dataId);
    if (!half?.original) return;
    const entry = this.backend.tensorMap.get(dataId);
    if (entry.id < 0) entry.id = this.#cast(half.id, half.type, 'float32');
  }

  /** Lets go of what lies beside a tensor that is gone. */
  forget(dataId: object): void {
    const half = this.#values.get(dataId);
    if (half === undefined) return;
    this.#values.delete(dataId);
    this.backend.binding.deleteTensor(half.id);
  }

  /** The format that an operation takes over from its operands, if it has a rule that says so and they are half. */
  inherited(name: string, inputs: readonly Tensor[]): { rule: AutocastRule; type: HalfType } | undefined {
    const rule = this.#values.size > 0 ? autocastRules[name] : undefined;
    const type = rule && this.#sharedType(rule, inputs);
    return type && { rule, type };
  }

  #sharedType(rule: AutocastRule, inputs: readonly Tensor[]): HalfType | undefined {
    const deciding =
      typeof rule.when === 'number'
        ? [inputs[rule.when]!]
        : inputs.filter(
            ({ dtype }, place) => dtype === 'float32' && (rule.operands?.includes(place) ?? true),
          );
    const types = deciding.map(({ dataId }) => {
      const half = this.#values.get(dataId);
      return half?.original ? half.type : undefined;
    });
    const [type] = types;
    if (type === undefined || types.some(other => other !== type)) return undefined;
    return rule.types?.includes(type) === false ? undefined : type;
  }
}
