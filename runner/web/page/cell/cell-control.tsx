import { useState } from 'preact/hooks';
import { Buttons } from '../live/buttons.js';
import { session } from '../live/session.js';

export function CellControl({ cell, onDone }: { cell: string; onDone(): void }) {
  const [priority, setPriority] = useState(0);
  if (!session.value?.mayControl) return null;
  const path = `/api/cells/${cell}`;
  return (
    <div class="cell-control">
      <label>
        priority{' '}
        <input
          type="number"
          step="1"
          value={priority}
          onInput={event => setPriority(Math.trunc(event.currentTarget.valueAsNumber || 0))}
        />
      </label>
      <Buttons
        onDone={onDone}
        wishes={[
          { words: 'set priority', path: `${path}/priority`, body: { value: priority } },
          { words: 'pause', path: `${path}/pause` },
          { words: 'resume', path: `${path}/resume` },
          { words: 'retry', path: `${path}/retry` },
          {
            words: 'cancel',
            path: `${path}/cancel`,
            confirm:
              'End this cell with the epochs that it has? It counts as done then; retry takes it back.',
          },
        ]}
      />
    </div>
  );
}
