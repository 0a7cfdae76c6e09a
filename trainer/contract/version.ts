/**
 * Changes when the same RunSpec on the same data would give other numbers: results of an older version are
 * then reported as stale.
 */
export const trainerVersion = '1';
