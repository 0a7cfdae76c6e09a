import { expect, it } from 'vitest';
import { onEngine } from '../on-engine.js';
import { runCellSuite } from './run-cell-suite.js';

await onEngine('wasm', engine => {
  runCellSuite(engine);

  it('half precision is refused with what has it', () => {
    expect(engine.precisions).toEqual(['float32']);
    expect(engine.withPrecision('float32')).toBe(engine);
    expect(() => engine.withPrecision('bfloat16')).toThrow(
      /^train.precision: the engine wasm computes in float32 alone, got bfloat16; the engine tensorflow/,
    );
  });
});
