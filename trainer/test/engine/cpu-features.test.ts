import { expect, it } from 'vitest';
import { describeCpu, hadOneDnn } from '../../contract/cpu-features.js';
import { cpuFeatures, enableOneDnn } from '../../engine/native/cpu-features.js';

const cpuinfo = (flags: string) => `processor\t: 0\nflags\t\t: fpu vme ${flags} sse\nbogomips\t: 4192\n`;
const skylake = cpuinfo('avx2 fma avx512f avx512bw');
const cascadeLake = cpuinfo('fma avx2 avx512f avx512_vnni');

it('turns oneDNN on before TensorFlow loads, unless the user has decided or the CPU is no x86', () => {
  const environmentAfter = (before: NodeJS.ProcessEnv, arch: string) => {
    enableOneDnn(before, arch);
    return before.TF_ENABLE_ONEDNN_OPTS;
  };
  expect(environmentAfter({}, 'x64')).toBe('1');
  expect(environmentAfter({ TF_ENABLE_ONEDNN_OPTS: '0' }, 'x64')).toBe('0');
  expect(environmentAfter({}, 'arm64')).toBeUndefined();
});

it.each([
  ['on where it was asked for', skylake, '1', { oneDnn: true, flags: ['avx2', 'fma', 'avx512f'] }],
  ['off where TensorFlow leaves it off', skylake, undefined, { oneDnn: false }],
  ['on where TensorFlow turns it on', cascadeLake, undefined, { oneDnn: true }],
  ['off where that was forbidden', cascadeLake, 'False', { oneDnn: false }],
  ['as TensorFlow decides for what is no answer', cascadeLake, 'perhaps', { oneDnn: true }],
  ['without /proc/cpuinfo', null, '1', { oneDnn: true, flags: [] }],
])('tells that oneDNN is %s', (_, text, asked, expected) => {
  expect(cpuFeatures(text, asked === undefined ? {} : { TF_ENABLE_ONEDNN_OPTS: asked })).toMatchObject(
    expected,
  );
});

it('takes what was computed before this was recorded for what TensorFlow decides on this CPU', () => {
  const here = (text: string) => cpuFeatures(text, { TF_ENABLE_ONEDNN_OPTS: '1' });
  expect(hadOneDnn(undefined, here(skylake))).toBe(false);
  expect(hadOneDnn(undefined, here(cascadeLake))).toBe(true);
  expect(hadOneDnn({ oneDnn: true, flags: [] }, here(skylake))).toBe(true);
});

it('is described in a few words', () => {
  expect(describeCpu(cpuFeatures(cascadeLake, {}))).toBe('oneDNN, avx2 fma avx512f avx512_vnni');
  expect(describeCpu({ oneDnn: false, flags: [] })).toBe('no oneDNN, no vector instructions known');
});
