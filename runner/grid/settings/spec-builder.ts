/** Builds the sections of RunSpecs; cells whose settings agree on a section share one frozen object. */
import type { RunSpec } from '../../../trainer/contract/run-spec.js';
import { type Dimension, type Grid, type Section, type Setting, sections } from '../../domain/grid.js';
import type { Rows } from '../axes/product.js';
import type { Reporter } from '../yaml/reporter.js';
import { resolveSection } from './resolve.js';
import type { ResolveContext } from './resolve-context.js';
import { splitPath } from './settings.js';

/** Values of one section by the rows of the dimensions that it depends on, one level of maps a dimension. */
type Trie = Map<number, unknown>;

interface SectionBuilder {
  section: Section;
  base: Setting[];
  /** Indexes of the dimensions with an axis in the section. */
  dimensions: number[];
  known: Trie;
}

export class SpecBuilder {
  readonly #builders: SectionBuilder[];
  readonly #dimensions: readonly Dimension[];
  readonly #context: ResolveContext;
  readonly #base: readonly Setting[];

  constructor(grid: Grid, report: Reporter) {
    this.#base = grid.base;
    this.#dimensions = grid.dimensions;
    const free = grid.base.some(({ path }) => path === 'trainer');
    this.#context = {
      report,
      free,
      folder: grid.folder,
      dataRoot: grid.dataRoot,
      cellWeights: grid.cellWeights,
    };
    this.#builders = sections.map(section => ({
      section,
      base: grid.base.filter(({ path }) => splitPath(path)[0] === section),
      dimensions: [...grid.dimensions.keys()].filter(index =>
        grid.dimensions[index]!.axes.some(({ path }) => splitPath(path)[0] === section),
      ),
      known: new Map(),
    }));
  }

  /** RunSpec of a cell of the product: the row of each dimension, -1 where it doesn't apply. */
  fromRows(rows: Rows): RunSpec {
    const spec: Record<string, unknown> = { version: 1 };
    for (const builder of this.#builders) spec[builder.section] = this.#section(builder, rows);
    return spec as unknown as RunSpec;
  }

  /** RunSpec of an included cell: its settings on the base. */
  fromSettings(settings: readonly Setting[]): RunSpec {
    const all = [...this.#base, ...settings];
    const spec: Record<string, unknown> = { version: 1 };
    for (const section of sections) {
      const own = all.filter(({ path }) => splitPath(path)[0] === section);
      spec[section] = resolveSection(section, own, this.#context);
    }
    return spec as unknown as RunSpec;
  }

  #section({ section, base, dimensions, known }: SectionBuilder, rows: Rows): unknown {
    let trie = known;
    for (const dimension of dimensions.slice(0, -1)) {
      const row = rows[dimension]!;
      let next = trie.get(row) as Trie | undefined;
      if (next === undefined) {
        next = new Map();
        trie.set(row, next);
      }
      trie = next;
    }
    const last = dimensions.length === 0 ? -1 : rows[dimensions.at(-1)!]!;
    if (!trie.has(last)) {
      const settings = [...base, ...this.#axisSettings(section, dimensions, rows)];
      trie.set(last, resolveSection(section, settings, this.#context));
    }
    return trie.get(last);
  }

  #axisSettings(section: Section, dimensions: readonly number[], rows: Rows): Setting[] {
    return dimensions.flatMap(index => {
      const row = rows[index]!;
      if (row < 0) return [];
      return this.#dimensions[index]!.axes.filter(({ path }) => splitPath(path)[0] === section).map(
        ({ path, values, at }) => ({ path, value: values[row]!.value, at: values[row]!.at, axisAt: at }),
      );
    });
  }
}
