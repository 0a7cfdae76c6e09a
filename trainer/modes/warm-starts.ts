/** Says how files of weights fit models, without an engine. */
import { basename } from 'node:path';
import { text } from 'node:stream/consumers';
import { adoptionProblem, exceptionsOf } from '../checkpoints/adoption-words.js';
import { matchWeights } from '../checkpoints/match-weights.js';
import { readFileHeader } from '../checkpoints/safetensors.js';
import { warmStarts } from '../contract/request-schemas.js';
import type { WarmStart, WarmStartReport } from '../contract/warm-start.js';
import { checkedJson } from '../files/checked-json.js';
import { createModel } from '../models/registry.js';

/** A list of WarmStarts as JSON on stdin → a list of WarmStartReports as JSON on stdout. */
export async function printWarmStarts(): Promise<void> {
  const starts = checkedJson<WarmStart[]>(await text(process.stdin), warmStarts, 'a list of WarmStarts');
  process.stdout.write(`${JSON.stringify(await Promise.all(starts.map(reportOf)))}\n`);
}

async function reportOf(start: WarmStart): Promise<WarmStartReport> {
  const { model, classNames, from, strict, ...input } = start;
  const { entries } = createModel(model, { ...input, classes: classNames.length });
  const match = matchWeights(entries, await readFileHeader(from), classNames);
  return {
    taken: match.taken.length,
    wanted: match.wanted,
    exceptions: exceptionsOf(match),
    remarks: match.remarks,
    problem: adoptionProblem(match, basename(from), strict) ?? null,
  };
}
