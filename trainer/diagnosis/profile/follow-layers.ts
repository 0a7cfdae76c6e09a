import type { Follow } from '../../engine/custom-gradient.js';
import { layerOf } from '../../models/layer-of.js';
import type { Model } from '../../models/model.js';
import type { Recorder } from './recorder.js';

/** The model, which tells the recorder where it is: a layer begins when one of its tensors is asked for. */
export function followedModel({ entries, forward }: Model, recorder: Recorder): Model {
  return {
    entries,
    forward(x, context) {
      recorder.enter('forward', '(images)');
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

/** What goes on the gradient tape belongs to the layer of that moment on the way back, too. */
export const followedBack =
  (recorder: Recorder): Follow =>
  () => {
    const { layer } = recorder;
    return () => recorder.enter('backward', layer);
  };
