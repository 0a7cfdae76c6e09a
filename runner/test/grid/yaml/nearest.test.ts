import { describe, expect, it } from 'vitest';
import { editDistance } from '../../../../trainer/contract/edit-distance.js';
import { nearest, suggestion } from '../../../grid/yaml/nearest.js';

describe('nearest', () => {
  it.each([
    ['lr', 'learningRate'],
    ['learning_rate', 'learningRate'],
    ['learningRat', 'learningRate'],
    ['weigthDecay', 'weightDecay'],
    ['wd', 'weightDecay'],
    ['eps', 'epsilon'],
    ['learnRate', 'learningRate'],
    ['banana', undefined],
    ['', undefined],
    ['x'.repeat(100_000), undefined],
  ])('of %s is %s', (word, expected) => {
    expect(nearest(word, ['learningRate', 'weightDecay', 'epsilon'])).toBe(expected);
  });

  it('counts swapped neighbours as one edit', () => {
    expect(editDistance('sdg', 'sgd')).toBe(1);
    expect(editDistance('', 'abc')).toBe(3);
    expect(editDistance('kitten', 'sitting')).toBe(3);
  });

  it('falls back to what there is', () => {
    expect(suggestion('banana', ['a', 'b'])).toBe('; known: a, b');
    expect(suggestion('banana', [])).toBe('');
    expect(
      suggestion(
        'banana',
        Array.from({ length: 25 }, (_, i) => `name${i}`),
      ),
    ).toMatch(/ and 5 more$/);
  });
});
