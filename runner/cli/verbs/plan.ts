import { costedPlan } from '../../planning/costed-plan.js';
import { changedReasons } from '../../planning/stale-reasons.js';
import { type PlanReport, planAsJson, planLines } from '../../terminal/plan-report.js';
import type { RunView } from '../../terminal/view.js';
import type { CommandContext } from '../context.js';
import { keepStaleReasons } from '../keep-stale-reasons.js';
import { describeNoResults } from '../no-results.js';
import type { Options } from '../options.js';
import { printJson, printLine, widthOf } from '../output.js';
import { checkGridFile, openGrid } from '../prepare-grid.js';
import { withReader } from '../with-store.js';

type Own = Options<'slots' | 'shard' | 'rerunStale' | 'probe' | 'json'>;

export async function planGrid(file: string, options: Own, context: CommandContext): Promise<void> {
  const { rerunStale = false, probe = false, shard, json } = options;
  const silently: RunView['step'] = (_, work) => work(() => {});
  const prepared = await openGrid(await checkGridFile(file, options, context, silently), silently);
  const { grid, slots, paths } = prepared;
  try {
    const noResults = describeNoResults(options.results, file);
    const { plan, stored, cost, memory, stopping, shares } = await withReader(options, store =>
      costedPlan(prepared, store, { rerunStale, probe, shard }),
    );
    // Without an engine nothing is known of what another one would give.
    if (plan.engineProblem === undefined) await keepStaleReasons(changedReasons(plan, stored), options);
    else context.exitWith(1);
    const report: PlanReport = {
      ...{ grid: grid.name, plan, cost, memory, stopping, slots: slots.all.length, shares },
      isBySlot: options.slots !== undefined,
      ...{ found: prepared, results: paths.root, noResults },
    };
    if (json) printJson(context, planAsJson(report));
    else for (const line of planLines(report, widthOf(context))) printLine(context, line);
  } finally {
    // A probe that failed leaves a trainer that is still warm.
    await slots.close();
  }
}
