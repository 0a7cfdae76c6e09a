import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { inferData } from '../../grid/infer-data.js';
import { workFolder } from '../fixtures/cli.js';

function folderWith(files: Record<string, string>): string {
  const root = workFolder();
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), content);
  }
  return root;
}

it.each([
  [
    'a table beside a zip; those for the test don’t count',
    {
      'train.csv': 'Id,Category\ntrain/0.jpg,4\n',
      'train.zip': '',
      'test.zip': '',
      'sample_submission.csv': 'Id,Category\ntest/0.jpg,0\n',
      'classes.csv': 'Category,name\n0,fish\n',
    },
    {
      format: 'csv',
      images: 'train.zip',
      labels: 'train.csv',
      columns: { id: 'Id', label: 'Category' },
    },
  ],
  [
    'a table whose images lie beside it',
    { 'labels.csv': 'class,file\ncat,a.png\n', 'a.png': '' },
    { format: 'csv', images: '.', labels: 'labels.csv', columns: { id: 'file', label: 'class' } },
  ],
  ['MNIST', { 'train-images-idx3-ubyte.gz': '' }, { format: 'mnist' }],
  ['folders of classes', { 'cat/1.png': '', 'dog/1.png': '' }, { format: 'folder' }],
  [
    'folders of classes in two parts',
    { 'train/cat/1.png': '', 'val/cat/1.png': '' },
    { format: 'folder', validation: { source: 'files' } },
  ],
  ['folders in a zip', { 'pets.zip': '' }, { format: 'folder', images: 'pets.zip' }],
])('%s', (_, files, expected) => {
  const { name: __, root: ___, ...found } = inferData(folderWith(files));
  expect(found).toEqual(expected);
});

it('a folder of something else is refused with what was found there', () => {
  expect(() => inferData(folderWith({ 'notes.txt': '' }))).toThrow(
    /expected a table of labels .*; found notes\.txt/,
  );
});
