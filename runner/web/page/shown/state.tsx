import { type RunState, runStates, stateTable } from '../../../domain/run-state.js';

export const StateMark = ({ state }: { state: RunState }) => (
  <span class={`state is-${state}`}>{stateTable[state].shownAs}</span>
);

/** How many cells are in each state: a bar, and the same in words. */
export function Counts({ counts }: { counts: Readonly<Record<RunState, number>> }) {
  const shown = runStates.filter(state => counts[state] > 0);
  const total = shown.reduce((sum, state) => sum + counts[state], 0);
  const words = shown.map(state => `${counts[state]} ${stateTable[state].shownAs}`).join(', ');
  return (
    <div class="counts">
      <div class="bar" role="img" aria-label={words === '' ? 'no cells' : words}>
        {order
          .filter(state => counts[state] > 0)
          .map(state => (
            <div key={state} class={`part is-${state}`} style={{ flexGrow: String(counts[state] / total) }} />
          ))}
      </div>
      <span class="words">
        <b>{counts.completed}</b> of {total} completed
        {shown
          .filter(state => state in others && others[state])
          .map(state => (
            <span key={state}>
              {' · '}
              <span class={`state is-${state}`}>
                {counts[state]} {stateTable[state].shownAs}
              </span>
            </span>
          ))}
      </span>
    </div>
  );
}

const order: readonly RunState[] = [
  'completed',
  'stopped',
  'running',
  'failed',
  'interrupted',
  'paused',
  'queued',
];
const others: Partial<Record<RunState, boolean>> = {
  running: true,
  queued: true,
  failed: true,
  paused: true,
  interrupted: true,
  stopped: true,
};
