import { describe, expect, it } from 'vitest';
import { describeProblem, GridError } from '../../domain/problem.js';
import { checkFreeze, frozenModels } from '../../grid/checks/freeze-checks.js';
import { expandGrid } from '../../grid/expand.js';
import { askTrainer } from '../../trainer-client/ask-trainer.js';
import { modelEntries } from '../../trainer-client/model-entries.js';
import { gridOf } from './grid-fixture.js';

async function problemsOf(text: string): Promise<string[]> {
  const grid = gridOf(`optimizer: sgd\n${text}`);
  const cells = expandGrid(grid);
  const entries = await modelEntries(frozenModels(cells), question =>
    askTrainer(question, { engine: null, environment: {} }),
  );
  try {
    checkFreeze(grid, cells, entries);
    return [];
  } catch (error) {
    if (!(error instanceof GridError)) throw error;
    return error.problems.map(problem => describeProblem(problem).replace('/grids/a.yaml:', ''));
  }
}

describe('what is frozen', () => {
  it('is there in every model', async () => {
    expect(
      await problemsOf("model: resnet18\ntrain: {freeze: [conv1.weight, 'layer1.*', '*.bias']}\n"),
    ).toEqual([]);
    const axes = "train: {freeze: ['layer4.*']}\naxes: {model: [resnet18, resnet20]}\n";
    expect(await problemsOf(axes)).toEqual([
      '2:18 train.freeze[0]: nothing in resnet20 matches "layer4.*"; did you mean "layer1.*"?',
    ]);
  });

  it.each([
    ['layr1.*', 'did you mean "layer1.*"?'],
    ['layer1', 'did you mean "layer1.*"?'],
    ['conv1.wieght', 'did you mean "conv1.weight"?'],
    ['layer1.0.bn3.*', 'did you mean "layer1.0.bn1.*"?'],
    ['encoder.*', 'it has conv1, bn1, layer1, layer2, layer3, layer4, fc'],
  ])('%s may be a slip', async (pattern, hint) => {
    expect(await problemsOf(`model: resnet18\ntrain: {freeze: ['${pattern}']}\n`)).toEqual([
      `3:18 train.freeze[0]: nothing in resnet18 matches "${pattern}"; ${hint}`,
    ]);
  });

  it('is not everything', async () => {
    expect(await problemsOf("model: resnet18\ntrain: {freeze: ['*weight', '*bias']}\n")).toEqual([
      '3:17 train.freeze: leaves no parameter of resnet18 to train',
    ]);
  });
});
