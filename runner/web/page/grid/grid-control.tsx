import { Buttons } from '../live/buttons.js';

export function GridControl({ grid, onDone }: { grid: string; onDone(): void }) {
  const path = `/api/grids/${encodeURIComponent(grid)}`;
  return (
    <Buttons
      onDone={onDone}
      wishes={[
        { words: 'pause all', path: `${path}/pause` },
        { words: 'resume all', path: `${path}/resume` },
        {
          words: 'end the run',
          path: `${path}/drain`,
          confirm:
            'No more cells, and the running ones end after their epoch. `grid run` goes on from there.',
        },
      ]}
    />
  );
}
