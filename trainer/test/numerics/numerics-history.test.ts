import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { currentNumerics, numericsHistory } from '../../contract/numerics-history.js';
import { trainerVersion } from '../../contract/version.js';
import { hashSources, normalized } from './hash-sources.js';

const root = fileURLToPath(new URL('../../../../', import.meta.url));

describe('the sources that decide numbers', () => {
  it('are those of the last line of the history', { timeout: 60_000 }, () => {
    const sources = hashSources(root);
    expect(
      currentNumerics.sources,
      `trainer/contract/numerics-history.ts knows other sources. Append { sources: '${sources}', version, why } to it:
- the version of the line before, where the same RunSpec on the same data still gives the same bits (say why that is known);
- the same version, and a new correction in version.ts, where some runs give other numbers;
- the next version, where all of them may: every result found before is stale then.`,
    ).toBe(sources);
  });

  it('have a history in which each is listed once, with a reason, and versions only grow', () => {
    expect(new Set(numericsHistory.map(({ sources }) => sources)).size).toBe(numericsHistory.length);
    for (const { why } of numericsHistory) expect(why).not.toBe('');
    const versions = numericsHistory.map(({ version }) => Number(version));
    expect(versions).toEqual(versions.toSorted((a, b) => a - b));
    expect(trainerVersion).toBe(currentNumerics.version);
  });

  it('are alike whatever their types, comments, layout and imports’ folders', () => {
    const source =
      "import { a } from './one/x.js';\nimport type { B } from './b.js';\nexport const c = (b: B) => a(b, 2);\n";
    const moved =
      "import { a } from '../two/x.js';\n/** Why. */\nexport const c = (b: unknown) =>\n  a(\n    b as never,\n    2, // two\n  );\n";
    expect(normalized(moved)).toBe(normalized(source));
    for (const [from, to] of [
      ['2', '3'],
      ['x.js', 'y.js'],
      ['{ a }', '{ d as a }'],
    ] as const)
      expect(normalized(source.replace(from, to))).not.toBe(normalized(source));
  });
});
