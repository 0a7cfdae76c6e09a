/** What goes in and comes out of a model, in the header of its weights: so that they can be used without the data set. */
import { count, shape } from '../contract/shape.js';
import { checkedJson } from '../files/checked-json.js';
import { classList } from './class-rows.js';

export interface InputDescription {
  /** Height, width and channels of the images that it was trained on. */
  image: { height: number; width: number; channels: number };
  /** In the order of its logits. */
  classNames: readonly string[];
}

const imageShape = shape<InputDescription['image']>({ height: count, width: count, channels: count });

/** Metadata of a safetensors file. */
export function describeInput({ image, classNames }: InputDescription): Record<string, string> {
  const { height, width, channels } = image;
  return { image: JSON.stringify({ height, width, channels }), classes: JSON.stringify(classNames) };
}

/** Throws, naming `where` (the file), where the metadata don't say. */
export function inputOf(metadata: Readonly<Record<string, string>>, where: string): InputDescription {
  const { image, classes } = metadata;
  if (image === undefined || classes === undefined)
    throw new Error(`${where}: its header doesn't say what images and classes it is for`);
  return {
    image: checkedJson(image, imageShape, `${where}: image in its header`),
    classNames: checkedJson(classes, classList, `${where}: classes in its header`),
  };
}
