/**
 * Folder in a cell's folder for checkpoints that the cell can't go on from any more (other data, another trainer version, a rerun):
 * `set-aside/2026-01-31T12-00-00.000Z`. Nobody removes it but the user.
 */
export const setAsideFolder = (time: Date): string => `set-aside/${time.toISOString().replaceAll(':', '-')}`;
