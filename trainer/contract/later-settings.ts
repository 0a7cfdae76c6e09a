/**
 * Settings that came after the first results existed: since which version, and the value at which a run is what it was
 * before them. At that value they are left out of a RunSpec, so that a cell keeps its `cellId` and its family and its results are found;
 * whoever reads one of them takes its absence for this value (`data.skipBad ?? false`).
 *
 * Keys are paths from the RunSpec. What is in this table stays in it, at the same value.
 */
export const laterSettings: Readonly<Record<string, { since: string; neutral: unknown }>> = {
  'augmentation.mixEvery': { since: '0.1.0', neutral: 'batch' },
  'data.skipBad': { since: '0.1.0', neutral: false },
  'data.shortSide': { since: '0.1.0', neutral: null },
  'trainer.inputs': { since: '0.1.0', neutral: [] },
};

/** Leaves the settings of `laterSettings` out of a section (not frozen yet) where they have their value of before. */
export function omitLaterSettings(section: string, value: unknown): unknown {
  for (const [path, { neutral }] of Object.entries(laterSettings)) {
    const [first, ...keys] = path.split('.');
    const last = keys.pop();
    if (first !== section || last === undefined) continue;
    const holder = keys.reduce<unknown>((node, key) => (isRecord(node) ? node[key] : undefined), value);
    if (isRecord(holder) && JSON.stringify(holder[last]) === JSON.stringify(neutral)) delete holder[last];
  }
  return value;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
