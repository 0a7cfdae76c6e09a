import { mkdirSync, writeFileSync } from 'node:fs';
import { totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { machineShare } from '../../files/machine.js';
import { temporaryFolder } from '../temporary-folder.js';

const whole = { cpus: 64, memory: 512e9 };

/** A root folder with these files. */
function share(files: Record<string, string>) {
  const root = temporaryFolder();
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), `${content}\n`);
  }
  return machineShare(root, whole);
}

const v2 = (path: string, mountRoot = '/') => ({
  'proc/self/cgroup': `0::${path}`,
  'proc/self/mountinfo': [
    '22 1 0:20 / /proc rw,nosuid - proc proc rw',
    `30 22 0:27 ${mountRoot} /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup rw,nsdelegate`,
  ].join('\n'),
});

const v1 = (path: string, mountRoot = '/') => ({
  'proc/self/cgroup': `5:memory:${path}\n4:cpu,cpuacct:${path}\n3:cpuset:/\n1:name=systemd:${path}\n0::/`,
  'proc/self/mountinfo': [
    `31 30 0:28 ${mountRoot} /sys/fs/cgroup/cpu,cpuacct rw,relatime - cgroup cgroup rw,cpu,cpuacct`,
    `34 30 0:31 ${mountRoot} /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory`,
    '40 30 0:37 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw',
  ].join('\n'),
});

describe('the share of the machine', () => {
  it.each([
    ['no cgroups', {}, whole],
    ['version 2 without limits', { ...v2('/'), 'sys/fs/cgroup/cpu.stat': '' }, whole],
    [
      'version 2 without limits in words',
      { ...v2('/a'), 'sys/fs/cgroup/a/cpu.max': 'max 100000', 'sys/fs/cgroup/a/memory.max': 'max' },
      whole,
    ],
    [
      'a container of version 2, which sees its own cgroup as the root',
      { ...v2('/'), 'sys/fs/cgroup/cpu.max': '400000 100000', 'sys/fs/cgroup/memory.max': '8000000000' },
      { cpus: 4, memory: 8e9 },
    ],
    ['a part of a CPU', { ...v2('/'), 'sys/fs/cgroup/cpu.max': '50000 100000' }, { ...whole, cpus: 1 }],
    ['two and a half CPUs', { ...v2('/'), 'sys/fs/cgroup/cpu.max': '25000 10000' }, { ...whole, cpus: 2 }],
    [
      'limits around the own cgroup',
      {
        ...v2('/slurm/job_7/step_0'),
        'sys/fs/cgroup/slurm/cpu.max': '1600000 100000',
        'sys/fs/cgroup/slurm/memory.max': '64000000000',
        'sys/fs/cgroup/slurm/job_7/memory.max': '16000000000',
        'sys/fs/cgroup/slurm/job_7/step_0/memory.max': 'max',
      },
      { cpus: 16, memory: 16e9 },
    ],
    [
      'version 1',
      {
        ...v1('/user/job'),
        'sys/fs/cgroup/memory/memory.limit_in_bytes': '9223372036854771712',
        'sys/fs/cgroup/memory/user/memory.limit_in_bytes': '4000000000',
        'sys/fs/cgroup/memory/user/job/memory.limit_in_bytes': '9223372036854771712',
        'sys/fs/cgroup/cpu,cpuacct/user/cpu.cfs_quota_us': '300000',
        'sys/fs/cgroup/cpu,cpuacct/user/cpu.cfs_period_us': '100000',
        'sys/fs/cgroup/cpu,cpuacct/user/job/cpu.cfs_quota_us': '-1',
        'sys/fs/cgroup/cpu,cpuacct/user/job/cpu.cfs_period_us': '100000',
      },
      { cpus: 3, memory: 4e9 },
    ],
    [
      'a container of version 1 that is told the path of its host',
      {
        ...v1('/docker/abc', '/docker/abc'),
        'sys/fs/cgroup/memory/memory.limit_in_bytes': '2000000000',
        'sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us': '200000',
        'sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us': '100000',
      },
      { cpus: 2, memory: 2e9 },
    ],
    [
      'a path outside of what is mounted',
      { ...v2('/../other'), 'sys/fs/cgroup/memory.max': '3000000000' },
      { ...whole, memory: 3e9 },
    ],
  ])('with %s', (_, files, expected) => {
    expect(share(files as Record<string, string>)).toEqual(expected);
  });

  it('of this machine is not more than it has', () => {
    const { cpus, memory } = machineShare();
    expect(cpus).toBeGreaterThanOrEqual(1);
    expect(memory).toBeGreaterThan(1e8);
    expect(memory).toBeLessThanOrEqual(totalmem());
  });
});
