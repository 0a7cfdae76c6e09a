import { useState } from 'preact/hooks';
import type { Objective } from '../../../domain/metric.js';
import type { Square } from '../../wire.js';
import { cellPath, go } from '../live/place.js';
import { toneOf } from '../shown/colors.js';
import { wordsOf } from './square-words.js';

interface Props {
  name: string;
  labels: readonly string[];
  /** By column; undefined: there is none. */
  squares: readonly (Square | undefined)[];
  range: readonly [number, number] | null;
  objective: Objective;
}

/**
 * A row of squares without numbers as one element, however many there are: a matrix of thousands of links takes a browser a second to
 * make. By keyboard it is a slider over its squares; Enter opens the one that it is at.
 */
export function DenseRow({ name, labels, squares, range, objective }: Props) {
  const [at, setAt] = useState(0);
  const share = 100 / squares.length;
  const stops = squares.map((square, column) => {
    const color = colorOf(square, range, objective);
    return `${color} ${column * share}% ${(column + 1) * share}%`;
  });
  const wordsAt = (column: number) => {
    const square = squares[column];
    const label = `${name} ${labels[column]}`;
    return square === undefined ? `${label}: no cell` : wordsOf(square, label);
  };
  const open = (column: number) => {
    const square = squares[column];
    if (square !== undefined) go(cellPath(square.cell));
  };
  const columnOf = ({ currentTarget, offsetX }: MouseEvent & { currentTarget: HTMLElement }) =>
    Math.min(
      squares.length - 1,
      Math.max(0, Math.floor((offsetX / currentTarget.clientWidth) * squares.length)),
    );
  return (
    <td colSpan={squares.length} class="dense">
      <div
        class="dense-row"
        role="slider"
        tabIndex={0}
        aria-label={name}
        aria-valuemin={0}
        aria-valuemax={squares.length - 1}
        aria-valuenow={at}
        aria-valuetext={wordsAt(at)}
        title={wordsAt(at)}
        style={{ backgroundImage: `linear-gradient(to right, ${stops.join(', ')})` }}
        onMouseMove={event => setAt(columnOf(event))}
        onClick={event => open(columnOf(event))}
        onKeyDown={event => {
          const step = steps[event.key];
          if (event.key === 'Enter' || event.key === ' ') open(at);
          else if (step !== undefined) setAt(Math.min(squares.length - 1, Math.max(0, at + step)));
          else return;
          event.preventDefault();
        }}
      >
        <span class="dense-at" style={{ left: `${at * share}%`, width: `${share}%` }} />
      </div>
    </td>
  );
}

const steps: Readonly<Record<string, number>> = {
  ArrowRight: 1,
  ArrowUp: 1,
  ArrowLeft: -1,
  ArrowDown: -1,
  PageUp: 10,
  PageDown: -10,
  Home: Number.NEGATIVE_INFINITY,
  End: Number.POSITIVE_INFINITY,
};

function colorOf(square: Square | undefined, range: Props['range'], objective: Objective): string {
  if (square === undefined) return 'transparent';
  if (square.value === null || range === null)
    return square.failed > 0 ? 'color-mix(in srgb, var(--red) 45%, transparent)' : 'var(--line)';
  return toneOf(square.value, range, objective).background;
}
