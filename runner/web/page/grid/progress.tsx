import { formatFixed } from '../../../text/numbers.js';
import { clockTime, formatDuration } from '../../../text/times.js';
import type { GridAnswer } from '../../wire.js';
import { CellLink } from '../shown/labels.js';
import { Counts } from '../shown/state.js';

export function Progress({ grid: { description, objective, counts, live } }: { grid: GridAnswer }) {
  const best = live?.best ?? null;
  return (
    <div class="progress">
      {description === '' ? null : <p class="description">{description}</p>}
      <Counts counts={counts} />
      <dl class="facts">
        <div>
          <dt>objective</dt>
          <dd>
            {objective.direction === 'maximize' ? 'highest' : 'lowest'} {objective.metric}
          </dd>
        </div>
        {live === null ? null : (
          <>
            <div>
              <dt>running since</dt>
              <dd>
                {clockTime(live.runner.startedMs)} ({live.runner.holder})
              </dd>
            </div>
            <div>
              <dt>finish</dt>
              <dd>
                {live.secondsLeft === undefined
                  ? 'not known yet'
                  : `${clockTime(Date.now() + live.secondsLeft * 1000)}, in ${formatDuration(live.secondsLeft)}`}
                {live.stopping === null ? '' : ' (stopping)'}
              </dd>
            </div>
          </>
        )}
        {best === null ? null : (
          <div>
            <dt>best so far</dt>
            <dd>
              {formatFixed(best.value)} at epoch {best.epoch} of{' '}
              <CellLink cell={best.cellId} labels={best.labels} />
            </dd>
          </div>
        )}
      </dl>
    </div>
  );
}
