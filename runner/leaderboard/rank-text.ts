import { missing } from '../text/numbers.js';
import type { LeaderboardRow } from './row.js';

/** `1-5+`: its rank is one of these, and it may be the best; then a mark for what the row rests on. */
export const rankText = (row: LeaderboardRow): string =>
  `${rankInterval(row)}${row.mayWin ? '+' : ''}${markOf(row)}`;

export const rankInterval = ({ rank, worstRank }: LeaderboardRow): string =>
  rank === null ? missing : rank === worstRank ? `${rank}` : `${rank}-${worstRank}`;

/** Nothing for a row that has all that was asked for. */
export const markOf = ({ isWhole, seedsOpen }: LeaderboardRow): '' | '*' | '!' =>
  seedsOpen > 0 ? '*' : isWhole ? '' : '!';
