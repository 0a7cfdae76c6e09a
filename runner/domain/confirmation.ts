/**
 * Fresh seeds of a grid's finalists are a grid of their own beside it: kept apart from those that chose them. No file can have such a
 * name, in which a slash can't be.
 */
const suffix = '/confirm';

export const confirmationOf = (grid: string): string => `${grid}${suffix}`;
export const isConfirmation = (grid: string): boolean => grid.endsWith(suffix);
