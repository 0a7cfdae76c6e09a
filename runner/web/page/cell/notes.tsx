import { useState } from 'preact/hooks';
import type { StoredNote } from '../../../domain/stored.js';
import { localTime } from '../../../text/times.js';
import { Buttons } from '../live/buttons.js';
import { session } from '../live/session.js';

interface Props {
  cell: string;
  notes: readonly StoredNote[];
  onDone(): void;
}

export function Notes({ cell, notes, onDone }: Props) {
  const [text, setText] = useState('');
  return (
    <>
      {notes.length === 0 ? <p class="faint">none</p> : null}
      <ul class="plain">
        {notes.map(({ timeMs, text: own, attempt }) => (
          <li key={`${timeMs} ${own}`}>
            <span class="faint">
              {localTime(timeMs)}
              {attempt === null ? '' : ` of run ${attempt}`}
            </span>{' '}
            {own === '' ? <i>taken away</i> : own}
          </li>
        ))}
      </ul>
      {session.value?.mayControl ? (
        <div class="note">
          <label>
            <span class="hidden">note</span>
            <textarea
              rows={2}
              placeholder="why it was tried, what was seen"
              value={text}
              onInput={event => setText(event.currentTarget.value)}
            />
          </label>
          <Buttons
            wishes={[{ words: 'note', path: `/api/cells/${cell}/note`, body: { text } }]}
            onDone={() => {
              setText('');
              onDone();
            }}
          />
        </div>
      ) : null}
    </>
  );
}
