/** Says where the time of a step goes. */
import { text } from 'node:stream/consumers';
import type { Profile, ProfileRequest } from '../contract/profile.js';
import { profileRequest } from '../contract/request-schemas.js';
import { profile } from '../diagnosis/profile/profile.js';
import { checkedJson } from '../files/checked-json.js';
import { openRunData } from '../run/open-run-data.js';
import { type EngineFlags, loadFlaggedEngine } from './engine-flags.js';
import { claimStdout } from './protocol-output.js';

/** A ProfileRequest as JSON on stdin → a Profile as JSON on stdout. */
export async function printProfile(flags: EngineFlags): Promise<void> {
  const answer = claimStdout<Profile>();
  const request = checkedJson<ProfileRequest>(await text(process.stdin), profileRequest, 'a ProfileRequest');
  const { engine, workers } = await loadFlaggedEngine(flags);
  answer(await profile(request, { engine, openData: openRunData({ workers }) }));
}
