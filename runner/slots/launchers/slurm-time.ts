/** A time limit as Slurm takes it (sbatch(1), `--time`), in seconds; null: none; undefined: it is none of the forms. */
export function slurmSeconds(time: string | number): number | null | undefined {
  const text = `${time}`;
  if (/^(0|unlimited|infinite)$/i.test(text)) return null;
  const match = /^(?:(?<days>\d+)-)?(?<parts>\d+(?::\d+){0,2})$/.exec(text);
  if (match === null) return undefined;
  const parts = match.groups!.parts!.split(':').map(Number);
  const days = match.groups!.days;
  // With days the first part is hours; without, one or two parts are minutes (and seconds).
  const [hours, minutes, seconds] = days !== undefined || parts.length === 3 ? parts : [0, ...parts];
  return Number(days ?? 0) * 86_400 + (hours ?? 0) * 3600 + (minutes ?? 0) * 60 + (seconds ?? 0);
}

export const slurmTimeSchema = {
  anyOf: [
    { type: 'integer', minimum: 1 },
    { type: 'string', pattern: '^(\\d+-)?\\d+(:\\d+){0,2}$' },
  ],
  description:
    'Longest that an agent runs, as sbatch takes it: "08:00:00", "1-12" (days-hours), 90 (minutes)',
};
