/** What was read → the report as data. */
import type { Claim } from '../../statistics/claim.js';
import { localTime } from '../../text/times.js';
import type { Report, ReportSection } from './blocks.js';
import type { ReportReading } from './read-report.js';
import { classesSection } from './sections/classes.js';
import {
  conclusionsSection,
  confirmationSection,
  effectsSection,
  expectationsSection,
} from './sections/conclusions.js';
import { costSection } from './sections/cost.js';
import { dataSection } from './sections/data.js';
import { experimentsSection } from './sections/experiments.js';
import { leaderboardSection } from './sections/leaderboard.js';
import { monitoringSection } from './sections/monitoring.js';
import { settingsSection } from './sections/settings.js';
import { summarySection } from './sections/summary.js';

/** In the order of a report that people write. Adding one: a file and a line. */
const sections: readonly ((reading: ReportReading) => ReportSection | null)[] = [
  summarySection,
  dataSection,
  settingsSection,
  monitoringSection,
  experimentsSection,
  leaderboardSection,
  confirmationSection,
  effectsSection,
  classesSection,
  costSection,
  expectationsSection,
  conclusionsSection,
];

export function gridReport(reading: ReportReading): Report {
  const made = sections.flatMap(section => section(reading) ?? []);
  const claims = new Map<string, Claim>();
  for (const block of made.flatMap(({ blocks }) => blocks))
    if (block.type === 'claims') for (const { claim } of block.claims) claims.set(claim.id, claim);
  const { grid, madeMs } = reading;
  return {
    grid: grid.name,
    title: grid.name,
    subtitle: `Report on a grid of image-classification cells, ${localTime(madeMs)}`,
    sections: made,
    claims: [...claims.values()],
    footer: `Made by grid report from the stored results alone. grid report --verify computes every claim again.`,
  };
}
