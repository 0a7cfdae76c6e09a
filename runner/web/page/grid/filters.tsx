import { useEffect, useState } from 'preact/hooks';
import { type RunState, runStates } from '../../../domain/run-state.js';
import type { AxisLabels } from '../../wire.js';
import { place, setParameters } from '../live/place.js';
import { shortAxis } from '../shown/labels.js';

const isOfFilter = (key: string) => key.startsWith('is.') || key === 'q' || key === 'state';
/** Axes with more labels are chosen from by typing. */
const mostShown = 60;
const typingMs = 120;

/** The filter in the address, as the server takes it. */
export function filterQuery(url: URL): string {
  const query = new URLSearchParams([...url.searchParams].filter(([key]) => isOfFilter(key)));
  return query.toString();
}

/** Which rows are shown: in the matrix, the leaderboard and the strips alike. */
export function FilterBar({ axes }: { axes: readonly AxisLabels[] }) {
  const { searchParams } = place.value;
  const several = axes.filter(({ labels }) => labels.length > 1);
  const names = axes.map(({ axis }) => axis);
  const states = searchParams.getAll('state');
  const isActive = [...searchParams.keys()].some(isOfFilter);
  return (
    <search class="filters card" aria-label="filter">
      <Words />
      {several.map(({ axis, labels }) => {
        const chosen = searchParams.getAll(`is.${axis}`);
        return (
          <details key={axis} class="filter">
            <summary class={chosen.length > 0 ? 'is-set' : ''} title={axis}>
              {shortAxis(axis, names)}
              {chosen.length > 0 ? `: ${chosen.length === 1 ? chosen[0] : `${chosen.length} labels`}` : ''}
            </summary>
            <Choices
              legend={axis}
              choices={labels.slice(0, mostShown)}
              chosen={chosen}
              onChange={next => setParameters({ [`is.${axis}`]: next })}
            />
            {labels.length > mostShown ? (
              <p class="faint">
                the first {mostShown} of {labels.length}; the others by typing
              </p>
            ) : null}
          </details>
        );
      })}
      <details class="filter">
        <summary class={states.length > 0 ? 'is-set' : ''}>
          state{states.length > 0 ? `: ${states.join(', ')}` : ''}
        </summary>
        <Choices
          legend="state"
          choices={runStates}
          chosen={states as RunState[]}
          onChange={next => setParameters({ state: next })}
        />
      </details>
      {isActive ? (
        <button
          type="button"
          onClick={() =>
            setParameters(
              Object.fromEntries([...searchParams.keys()].filter(isOfFilter).map(key => [key, undefined])),
            )
          }
        >
          clear
        </button>
      ) : null}
    </search>
  );
}

interface ChoicesProps {
  legend: string;
  choices: readonly string[];
  chosen: readonly string[];
  onChange(chosen: readonly string[]): void;
}

const Choices = ({ legend, choices, chosen, onChange }: ChoicesProps) => (
  <fieldset>
    <legend>{legend}</legend>
    {choices.map(choice => (
      <label key={choice}>
        <input
          type="checkbox"
          checked={chosen.includes(choice)}
          onChange={event =>
            onChange(
              event.currentTarget.checked ? [...chosen, choice] : chosen.filter(each => each !== choice),
            )
          }
        />
        {choice}
      </label>
    ))}
  </fieldset>
);

/** Words of labels, notes and ids; what is typed quickly is asked for once. */
function Words() {
  const inPlace = place.value.searchParams.get('q') ?? '';
  const [text, setText] = useState(inPlace);
  useEffect(() => setText(inPlace), [inPlace]);
  useEffect(() => {
    if (text === inPlace) return;
    const timer = setTimeout(() => setParameters({ q: text === '' ? undefined : text }), typingMs);
    return () => clearTimeout(timer);
  }, [text, inPlace]);
  return (
    <label class="words">
      <span class="hidden">words of labels, notes, ids</span>
      <input
        type="search"
        placeholder="filter: labels, notes, ids"
        value={text}
        onInput={event => setText(event.currentTarget.value)}
      />
    </label>
  );
}
