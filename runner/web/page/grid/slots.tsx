import { shortId, slotName } from '../../../text/names.js';
import { formatFixed, formatNumber } from '../../../text/numbers.js';
import { clockTime } from '../../../text/times.js';
import type { GridAnswer } from '../../wire.js';
import { CellLink } from '../shown/labels.js';

type Props = Pick<GridAnswer, 'live' | 'running'>;

/** What each slot does. Cells that another process runs have no more than their epoch here. */
export function Slots({ live, running }: Props) {
  const onSlots = new Set(live?.slots.map(({ cell }) => cell?.cellId));
  return (
    <div class="scrolls">
      <table class="slots">
        <thead>
          <tr>
            {['slot', 'does', 'cell', 'epoch', 'loss', 'best', 'runs'].map(title => (
              <th key={title} scope="col">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {live?.slots.map(({ slot, state, trouble, cell, runs }) => (
            <tr key={slot.slotId}>
              <th scope="row" title={slot.device}>
                {slotName(slot.slotId)}
              </th>
              <td>
                {state}
                {trouble === null ? '' : `: ${trouble.reason}, since ${clockTime(trouble.sinceMs)}`}
              </td>
              <td>{cell === null ? '' : <CellLink cell={cell.cellId} labels={cell.labels} />}</td>
              <td>
                {cell === null ? (
                  ''
                ) : (
                  <>
                    {Math.min(cell.epoch + 1, cell.epochs)}/{cell.epochs}{' '}
                    <progress
                      max={cell.epochs}
                      value={cell.epoch + (cell.progress ?? 0)}
                      aria-label={`epochs of ${shortId(cell.cellId)}`}
                    />
                  </>
                )}
              </td>
              <td>{cell === null ? '' : formatNumber(cell.loss)}</td>
              <td>{cell === null ? '' : formatFixed(cell.best)}</td>
              <td>{runs}</td>
            </tr>
          ))}
          {running
            .filter(({ cell }) => !onSlots.has(cell))
            .map(({ cell, labels, epoch, epochs, slot, holder }) => (
              <tr key={cell}>
                <th scope="row">{slotName(slot)}</th>
                <td>running ({holder})</td>
                <td>
                  <CellLink cell={cell} labels={labels} />
                </td>
                <td>
                  {Math.min(epoch + 1, epochs)}/{epochs}
                </td>
                <td />
                <td />
                <td />
              </tr>
            ))}
        </tbody>
      </table>
    </div>
  );
}
