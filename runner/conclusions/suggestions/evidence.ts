import { compareValues, trainingCounterpart } from '../../domain/metric.js';
import { isWhole } from '../../domain/run-state.js';
import { readCurves } from '../../readings/curves.js';
import { modelOf, readFamilies } from '../../readings/families.js';
import { mean } from '../../statistics/moments.js';
import type { StoreReader } from '../../store/run-store.js';
import type { Evidence, RankedFamily } from './suggestion.js';

/** Families whose epochs are read: a huge grid has more than anyone asks about. */
const mostFamilies = 1000;

/** What is known of a grid's families with completed cells, the best first. @throws StoreError `unknownGrid` */
export function readEvidence(store: StoreReader, grid: string): Evidence {
  const { objective } = store.grid(grid);
  const ranked = readFamilies(store, grid)
    .flatMap(family => {
      // Those that were stopped or are on their way have had fewer epochs: they are compared with nothing.
      const cells = family.cells.filter(({ state, value }) => isWhole(state) && value !== null);
      return cells.length === 0 ? [] : [{ ...family, cells, value: mean(cells.map(({ value }) => value!)) }];
    })
    .sort((a, b) => compareValues(a.value, b.value, objective.direction));
  const metrics = [objective.metric, trainingCounterpart(objective), 'learningRate'];
  const curves = readCurves(
    store,
    ranked.slice(0, mostFamilies).flatMap(({ cells }) => cells.map(({ cellId }) => cellId)),
    metrics.filter(metric => metric !== null),
  );
  const families = ranked.map((family): RankedFamily => {
    const own = family.cells.flatMap(({ cellId }) => curves.get(cellId) ?? []);
    return { ...family, curves: own };
  });
  return { grid, objective, families };
}

/** The best family of each model: what is asked of a model is asked of it. */
export function bestOfModels({ families }: Evidence): (RankedFamily & { model: string })[] {
  const best = new Map<string, RankedFamily>();
  for (const family of families) if (!best.has(modelOf(family))) best.set(modelOf(family), family);
  return [...best].map(([model, family]) => ({ ...family, model }));
}
