import type { TensorFlow } from '../../engine/ops.js';
import { layerOf } from '../../models/layer-of.js';
import type { Model } from '../../models/model.js';
import type { Recorder } from './recorder.js';

/** An entry of TensorFlow.js's gradient tape, as far as it is looked into: gradients are computed when they are asked for. */
interface TapeNode {
  gradient?: (...args: never[]) => Record<string, () => unknown>;
}

/**
 * The model, which tells the recorder where it is: a layer begins when one of its tensors is asked for. What is put on the
 * gradient tape meanwhile belongs to that layer on the way back, too.
 */
export function followedModel({ entries, forward }: Model, tf: TensorFlow, recorder: Recorder): Model {
  return {
    entries,
    forward(x, context) {
      recorder.enter('forward', '(images)');
      followTape(tf, recorder);
      const tensors = new Proxy(context.tensors, {
        get(target, name: string) {
          recorder.enter('forward', layerOf(name));
          return target[name];
        },
      });
      const logits = forward(x, { ...context, tensors });
      recorder.enter('forward', '(loss)');
      return logits;
    },
  };
}

function followTape(tf: TensorFlow, recorder: Recorder): void {
  const { activeTape } = (tf.engine() as unknown as { state: { activeTape?: TapeNode[] } }).state;
  if (activeTape === undefined) return;
  const { push } = Array.prototype;
  activeTape.push = (...nodes) => {
    for (const node of nodes) if (node.gradient) node.gradient = followed(node.gradient, recorder);
    return push.apply(activeTape, nodes);
  };
}

function followed(gradient: NonNullable<TapeNode['gradient']>, recorder: Recorder): typeof gradient {
  const { layer } = recorder;
  return (...args) => {
    recorder.enter('backward', layer);
    const gradients = Object.entries(gradient(...args)).map(([input, compute]) => [
      input,
      () => {
        recorder.enter('backward', layer);
        return compute();
      },
    ]);
    return Object.fromEntries(gradients);
  };
}
