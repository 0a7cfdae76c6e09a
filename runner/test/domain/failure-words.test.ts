import { expect, test } from 'vitest';
import { describeFailure, reasonOf } from '../../domain/failure-words.js';

const died = 'the trainer ended with exit code 1 after epoch 2; its last words:';
const python = [
  'Traceback (most recent call last):',
  '  File "/home/ada/train.py", line 31, in <module>',
  '    main()',
  '    ~~~~^^',
  '  File "/home/ada/train.py", line 12, in main',
  '    raise ValueError("no such class")',
];

test.each([
  ['one line', 'no space left', 'no space left'],
  [
    'an error with its detail',
    'Error: bad row\n  train.csv:3: no label',
    'Error: bad row; train.csv:3: no label',
  ],
  [
    'a heading with its detail',
    'the data has problems:\n  a.png: cut off',
    'the data has problems: a.png: cut off',
  ],
  ['a traceback', [...python, 'ValueError: no such class'].join('\n'), 'ValueError: no such class'],
  [
    'the last words of a program',
    [died, ...python, 'ValueError: no such class'].join('\n'),
    'the trainer ended with exit code 1 after epoch 2: ValueError: no such class',
  ],
  [
    'a traceback whose error has several lines',
    [...python, 'RuntimeError: shapes differ:', '  [3, 4] and', '  [5]'].join('\n'),
    'RuntimeError: shapes differ: [3, 4] and; [5]',
  ],
  [
    'a traceback of a traceback',
    [
      ...python,
      "KeyError: 'a'",
      '',
      'During handling of the above exception, another exception occurred:',
      '',
      ...python,
      'torch.cuda.OutOfMemoryError: CUDA out of memory.',
    ].join('\n'),
    'torch.cuda.OutOfMemoryError: CUDA out of memory.',
  ],
  ['an error without words', [...python, 'KeyboardInterrupt'].join('\n'), 'KeyboardInterrupt'],
  [
    'a syntax error',
    '  File "train.py", line 3\n    for x in\n           ^\nSyntaxError: invalid syntax',
    'SyntaxError: invalid syntax',
  ],
  [
    'the end of a traceback that lost its frames',
    'loading\nepoch 1\nepoch 2\nValueError: no such class\nmore\n',
    'ValueError: no such class; more',
  ],
  [
    'what Node says',
    [
      'file:///home/ada/train.js:3',
      "throw new TypeError('no such class')",
      '      ^',
      '',
      'TypeError: no such class',
      '    at main (file:///home/ada/train.js:3:7)',
      '    at node:internal/main/run_main_module:28:49',
      '',
      'Node.js v20.20.2',
    ].join('\n'),
    'TypeError: no such class',
  ],
  [
    'a stack trace that goes on after its cause',
    'Error: cell failed\n  in batch 3\n    at run (a.js:1:2)\n    at b.js:3:4',
    'Error: cell failed; in batch 3',
  ],
  [
    'a shell',
    [died, 'module load cuda', 'ok', 'ok', 'train.sh: line 3: pythn: command not found', 'done'].join('\n'),
    'the trainer ended with exit code 1 after epoch 2: train.sh: line 3: pythn: command not found; done',
  ],
  ['many lines that say nothing', 'a\nb\nc\nd\n', 'c; d'],
  ['what would steer a terminal', '\u001b[31mred\u001b[0m\tbad\u0007', 'red bad'],
])('the reason of %s', (_, message, reason) => {
  expect(reasonOf(message)).toBe(reason);
});

test('a failure is its class and its reason, on one line of bounded length', () => {
  expect(describeFailure({ class: 'crash', message: 'a\nb' })).toBe('crash: a; b');
  expect(describeFailure({ class: 'timeout', message: '' })).toBe('timeout');
  expect(reasonOf('x'.repeat(100_000)).length).toBeLessThan(500);
});
