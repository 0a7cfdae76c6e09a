/** The hparams tab: tensorboard/plugins/hparams/{api,plugin_data}.proto. */
import { double, message, whole } from './protobuf.js';

export type Parameters = Readonly<Record<string, string | number>>;

const stringType = 1;
const numberType = 3;
export const sessionStatus = { success: 1, failure: 2, running: 3 } as const;

/** A Summary.Value that holds the plugin's data: an empty tensor of one dimension beside it, as TensorBoard's own writer does. */
const value = (tag: string, content: Buffer): Buffer =>
  Buffer.concat([
    message(1, tag),
    message(8, whole(1, 1), message(2, message(2))),
    message(9, message(1, message(1, 'hparams'), message(2, content))),
  ]);

const jsonValue = (parameter: string | number) =>
  typeof parameter === 'number' ? double(2, parameter) : message(3, parameter);

/** In the root: all axes with all their values, since those that come later are missed, and the metrics, the first ones shown first. */
export function experiment(
  name: string,
  axes: ReadonlyMap<string, readonly (string | number)[]>,
  metrics: readonly string[],
): Buffer {
  const infos = [...axes].map(([axis, values]) => {
    const type = values.every(each => typeof each === 'number') ? numberType : stringType;
    return message(
      4,
      message(1, axis),
      whole(4, type),
      message(5, ...values.map(each => message(1, jsonValue(each)))),
    );
  });
  const shown = metrics.map(tag => message(5, message(1, message(2, tag)), message(3, tag)));
  return value('_hparams_/experiment', message(2, ...infos, ...shown, message(6, name)));
}

/** Runs of one group are one row. */
export const sessionStart = (parameters: Parameters, group: string, seconds: number): Buffer =>
  value(
    '_hparams_/session_start_info',
    message(
      3,
      ...Object.entries(parameters).map(([name, each]) =>
        message(1, message(1, name), message(2, jsonValue(each))),
      ),
      message(4, group),
      double(5, seconds),
    ),
  );

export const sessionEnd = (status: number, seconds: number): Buffer =>
  value('_hparams_/session_end_info', message(4, whole(1, status), double(2, seconds)));
