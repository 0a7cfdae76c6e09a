/** Tries learning rates. */
import { text } from 'node:stream/consumers';
import type { RangeTest, RangeTestRequest } from '../contract/range-test.js';
import { rangeTestRequest } from '../contract/request-schemas.js';
import { rangeTest } from '../diagnosis/range-test/range-test.js';
import { checkedJson } from '../files/checked-json.js';
import { openRunData } from '../run/open-run-data.js';
import { type EngineFlags, loadFlaggedEngine } from './engine-flags.js';
import { claimStdout } from './protocol-output.js';

/** A RangeTestRequest as JSON on stdin → a RangeTest as JSON on stdout. */
export async function printRangeTest(flags: EngineFlags): Promise<void> {
  const answer = claimStdout<RangeTest>();
  const request = checkedJson<RangeTestRequest>(
    await text(process.stdin),
    rangeTestRequest,
    'a RangeTestRequest',
  );
  const { engine, workers } = await loadFlaggedEngine(flags);
  answer(await rangeTest(request, { engine, openData: openRunData({ workers }) }));
}
