/** What is the same wherever it is asked is asked of every entry that may differ. */
import { expect, test } from 'vitest';
import { GridfarmError } from '../../domain/error.js';
import { askEntries } from '../../planning/ask-entries.js';
import type { SlotEntry } from '../../slots/slots-file.js';
import { modelEntries } from '../../trainer-client/model-entries.js';
import { warmStartReports } from '../../trainer-client/warm-start-reports.js';

const context = { engine: null, environment: {} };
let asked: object[] = [];
const entry = (answer: unknown, settings: object = {}): SlotEntry => {
  const ask = async () => {
    asked.push(settings);
    if (answer instanceof Error) throw answer;
    return answer;
  };
  return { backend: { name: 'fake', ask } as unknown as SlotEntry['backend'], settings };
};
const models = [{ name: 'resnet20', params: {} }];
const starts = [{ from: '/w.safetensors' }] as never;
const questions = {
  models: (entries: SlotEntry[]) => modelEntries(models, askEntries(entries, context, 'models')),
  weights: (entries: SlotEntry[]) =>
    warmStartReports(starts, askEntries(entries, context, 'the weights of init')),
};
const one = [[{ name: 'conv.weight', role: 'parameter' }]];
const other = [[{ name: 'conv.weight', role: 'buffer' }]];

test.each(Object.entries(questions))('%s: each distinct entry is asked once', async (_, ask) => {
  asked = [];
  await ask([
    entry(one),
    entry(one),
    entry(one, { data: '/a' }),
    entry(one, { data: '/b' }),
    entry(one, { data: '/a' }),
  ]);
  expect(asked).toEqual([{}, { data: '/a' }, { data: '/b' }]);
});

test.each(Object.entries(questions))('%s: entries that answer differently are named', async (_, ask) => {
  const entries = [entry(one), entry(one, { cpus: 1 }), entry(other, { environment: { A: 'b' } })];
  await expect(ask(entries)).rejects.toMatchObject({
    kind: 'environment',
    message: expect.stringMatching(
      /: slots\[0\] \(fake\) and slots\[2\] \(fake\) find different ones; .* Give both/,
    ),
  });
});

test.each(Object.entries(questions))(
  '%s: an entry that can’t answer is named, if it isn’t alone',
  async (_, ask) => {
    const problem = new GridfarmError('trainer', 'no such option');
    await expect(ask([entry(problem)])).rejects.toBe(problem);
    await expect(ask([entry(one), entry(problem, { cpus: 1 })])).rejects.toMatchObject({
      kind: 'trainer',
      message: 'slots[1] (fake): no such option',
      cause: problem,
    });
  },
);
