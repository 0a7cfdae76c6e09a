import { mkdtempSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { AgentToken } from '../../cli/agent-options.js';

const folder = mkdtempSync(join(tmpdir(), 'token-'));
const kept = join(folder, 'token');

function tokenFile(text: string): string {
  const file = join(folder, 'given');
  writeFileSync(file, text);
  return file;
}

test('what an enrolling token was exchanged for is used in its place, until another one is given', () => {
  const first = new AgentToken({ tokenFile: tokenFile('once\n') }, {}, kept);
  expect(first.secret).toBe('once');
  first.keep('own');
  expect(first.secret).toBe('own');
  expect(statSync(kept).mode & 0o777).toBe(0o600);
  expect(new AgentToken({ tokenFile: tokenFile('once') }, {}, kept).secret).toBe('own');
  expect(new AgentToken({ tokenFile: tokenFile('another') }, {}, kept).secret).toBe('another');
});

test('a file goes before the environment', () => {
  expect(
    new AgentToken({ tokenFile: tokenFile('a') }, { GRID_TOKEN: 'b' }, join(folder, 'none')).secret,
  ).toBe('a');
  expect(new AgentToken({ tokenFile: undefined }, { GRID_TOKEN: ' b\n' }, join(folder, 'none')).secret).toBe(
    'b',
  );
});

test.each([
  ['', {}, /no token/],
  ['two words', {}, /given: expected one token/],
  [undefined, {}, /no token/],
  [undefined, { GRID_TOKEN: 'ü' }, /GRID_TOKEN: expected one token/],
])('%j and %j are refused', (text, environment, words) => {
  const file = text === undefined ? undefined : tokenFile(text);
  expect(() => new AgentToken({ tokenFile: file }, environment, kept)).toThrow(words);
});
