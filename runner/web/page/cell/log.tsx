import { useEffect, useRef, useState } from 'preact/hooks';
import type { LogAnswer } from '../../wire.js';
import { get } from '../live/api.js';
import { onChanges } from '../live/changes.js';

const pollMs = 2000;
/** Of a long log its end is kept. */
const mostCharacters = 400_000;

/** What trainer and runner said; goes on with what comes, and stays at the end if it is there. */
export function Log({ cell }: { cell: string }) {
  const [text, setText] = useState('');
  const [cut, setCut] = useState(0);
  const [follows, setFollows] = useState(true);
  const place = useRef<HTMLPreElement>(null);

  useEffect(() => {
    let next: number | undefined;
    let isAsking = false;
    let isOver = false;
    const ask = async () => {
      if (isAsking || document.hidden) return;
      isAsking = true;
      try {
        const answer = await get<LogAnswer>(
          `/api/cells/${cell}/log${next === undefined ? '' : `?from=${next}`}`,
        );
        const isNew = next === undefined || answer.from !== next;
        next = answer.next;
        if (isOver) return;
        if (isNew) setCut(answer.from);
        if (isNew || answer.text !== '')
          setText(before => (isNew ? answer.text : before + answer.text).slice(-mostCharacters));
      } catch {
        // The page says that it isn't connected.
      } finally {
        isAsking = false;
      }
    };
    void ask();
    const timer = setInterval(() => void ask(), pollMs);
    const forget = onChanges(({ cells }) => {
      if (cells === null || cells.includes(cell)) void ask();
    });
    return () => {
      isOver = true;
      clearInterval(timer);
      forget();
    };
  }, [cell]);

  useEffect(() => {
    if (follows && place.current !== null) place.current.scrollTop = place.current.scrollHeight;
  }, [text, follows]);

  return (
    <>
      <div class="controls">
        <label>
          <input
            type="checkbox"
            checked={follows}
            onChange={event => setFollows(event.currentTarget.checked)}
          />
          follow
        </label>
        {cut > 0 ? (
          <span class="faint">
            its end; {cut} bytes before are in `grid logs {cell.slice(0, 8)}`
          </span>
        ) : null}
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by the keyboard */}
      <pre class="log" ref={place} tabIndex={0} role="log" aria-label="log of the cell">
        {text === '' ? 'nothing yet' : text}
      </pre>
    </>
  );
}
