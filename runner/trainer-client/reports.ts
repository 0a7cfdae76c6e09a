/** Questions about data and cells that are answered by a report. */
import * as answers from '../../trainer/contract/answer-schemas.js';
import type { DataGuess, DataReport, DescribeRequest } from '../../trainer/contract/data-report.js';
import type { Profile, ProfileRequest } from '../../trainer/contract/profile.js';
import type { RangeTest, RangeTestRequest } from '../../trainer/contract/range-test.js';
import type { Ask } from './ask-trainer.js';

/** What a folder seems to hold. */
export const guess = (folder: string, ask: Ask): Promise<DataGuess> =>
  ask({
    mode: ['guess'],
    request: folder,
    answer: answers.dataGuess,
    failure: "the folder can't be looked at",
  });

/** What a data set holds, and pictures of it in `outDir`. */
export const describe = (request: DescribeRequest, ask: Ask): Promise<DataReport> =>
  ask({ mode: ['describe'], request, answer: answers.dataReport, failure: "the data can't be looked at" });

/** How the loss goes with the learning rate. */
export const testRange = (
  request: RangeTestRequest,
  threads: number | 'slot',
  ask: Ask,
): Promise<RangeTest> =>
  ask({
    mode: ['range-test'],
    request,
    answer: answers.rangeTest,
    failure: 'no learning rate can be found',
    threads,
  });

/** Where the time of a training step goes. */
export const profile = (request: ProfileRequest, threads: number | 'slot', ask: Ask): Promise<Profile> =>
  ask({
    mode: ['profile'],
    request,
    answer: answers.profile,
    failure: 'the cell can’t be profiled',
    threads,
  });
