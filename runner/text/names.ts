/** Names of cells and slots in few columns, and text of others made harmless. */
import type { Labels } from '../domain/stored.js';

/** Words of ASCII with one blank between them. */
const isPlain = /^[!-~]*(?: [!-~]+)*$/;

/** Text of others (labels, notes) on one line, without what would steer the terminal. */
export function plain(text: string): string {
  if (isPlain.test(text)) return text;
  return text.replace(/\s+/g, ' ').replace(/\p{Cc}/gu, '');
}

/** The labels of a cell without their paths: `resnet18 · adamw · 1`; the start of its id where it has none. */
export function cellName(cellId: string, labels: Labels): string {
  const values = Object.values(labels);
  return values.length > 0 ? plain(values.join(' · ')) : shortId(cellId);
}

/** Enough of a cellId to tell cells apart and to name one. */
export const shortId = (cellId: string): string => cellId.slice(0, 8);

/** Slots of this machine without the name of their backend. */
export const slotName = (slotId: string): string => slotId.replace(/^local\//, '');

/** Whether a label is a number in digits. */
export const isNumeric = (label: string): boolean => label.trim() !== '' && Number.isFinite(Number(label));
