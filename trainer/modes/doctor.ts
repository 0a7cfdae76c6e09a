/** Says which engines this machine has. */

import { describeCpu } from '../contract/cpu-features.js';
import { type DoctorReport, runDoctor } from '../install/doctor.js';

/** Prints the report; exit code 1 where no engine loads. */
export async function printDoctor({
  json,
  engine,
}: {
  json: boolean;
  engine?: string | undefined;
}): Promise<void> {
  const report = await runDoctor(engine);
  process.stdout.write(json ? `${JSON.stringify(report)}\n` : renderReport(report));
  if (report.engine === null) process.exitCode = 1;
}

/** The report for people. */
export function renderReport(report: DoctorReport): string {
  const engines = report.engines.map(engine => {
    const mark = engine.name === report.engine ? '*' : ' ';
    const state = engine.available
      ? `${engine.version}, ${engine.device}${engine.cpu ? ` (${describeCpu(engine.cpu)})` : ''}, ${engine.precisions.join(' + ')}`
      : `not there: ${engine.reason}`;
    return `${mark} ${engine.name.padEnd(10)} ${state}`;
  });
  const gpus = report.gpus.map(
    ({ index, name, memoryMegabytes, driver }) =>
      `  GPU ${index}      ${name}, ${memoryMegabytes} MB, driver ${driver}`,
  );
  return `${[
    `Node ${report.node} on ${report.platform}, ${report.cpuThreads} CPU threads, ${report.memoryMegabytes} MB`,
    ...(gpus.length > 0 ? gpus : ['  no GPU']),
    'Engines (* is taken by default):',
    ...engines,
    ...report.advice.map(line => `→ ${line}`),
  ].join('\n')}\n`;
}
