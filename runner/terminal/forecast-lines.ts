import { sizeWords } from '../domain/memory-words.js';
import type { MemoryForecast, SlotForecast } from '../domain/plan.js';
import { shortId, slotName } from '../text/names.js';
import { textTable } from '../text/table.js';
import { formatDuration } from '../text/times.js';

const shownCells = 8;

/** Which slot would run how much, until when, and for how much; and what that leaves out. */
export function forecastLines(
  { slots, unknown }: { slots: readonly SlotForecast[]; unknown: readonly string[] },
  width: number | undefined,
): string[] {
  const total = slots.reduce((sum, { cost }) => sum + cost, 0);
  const column = (title: string, text: (slot: SlotForecast) => string) => ({
    ...{ title, cells: slots.map(text) },
  });
  const at = (seconds: number) => new Date(Date.now() + seconds * 1000).toISOString().slice(0, 16);
  const isAnyKnown = slots.some(({ cells }) => cells > 0);
  const table = textTable(
    [
      column('slot', ({ slotId }) => slotName(slotId)),
      column('device', ({ device }) => device),
      column('cells', ({ cells }) => String(cells)),
      column('time', ({ seconds }) => formatDuration(seconds)),
      column('until (UTC)', ({ seconds }) => at(seconds)),
      ...(total > 0 ? [column('cost', ({ cost }) => cost.toFixed(2))] : []),
    ],
    width,
  );
  const names = unknown.slice(0, shownCells).map(shortId).join(', ');
  const more = unknown.length > shownCells ? `, … and ${unknown.length - shownCells} more` : '';
  return [
    ...(isAnyKnown ? ['', ...table] : []),
    ...(isAnyKnown && total > 0
      ? [`In all: ${total.toFixed(2)}, as the slots are open until all is done`]
      : []),
    ...(unknown.length > 0 ? [`Not known, and in none of this: ${names}${more}`] : []),
  ];
}

/** `Memory of a cell, as measured: 812 MB to 3204 MB; not known of 3, which go alone at first where slots share it`. */
export function memoryLines({ least, most, unknown }: MemoryForecast): string[] {
  if (least === null || most === null) return [];
  const range = least === most ? sizeWords(least) : `${sizeWords(least)} to ${sizeWords(most)}`;
  const others =
    unknown === 0 ? '' : `; not known of ${unknown}, which go alone at first where slots share it`;
  return [`Memory of a cell, as measured: ${range}${others}`];
}
