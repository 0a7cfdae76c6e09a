import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { FleetState } from '../../../slots/launchers/launcher.js';
import { slurmLauncher } from '../../../slots/launchers/slurm.js';
import { fleetOf, parseScontrol, parseSqueue } from '../../../slots/launchers/slurm-state.js';
import { slurmSeconds } from '../../../slots/launchers/slurm-time.js';
import { StubAgents } from '../../fixtures/stub-agents.js';
import { SlurmCluster, slurmMissing } from '../../testbeds/slurm.js';

it.each([
  ['30', 1800],
  [90, 5400],
  ['10:30', 630],
  ['08:00:00', 28_800],
  ['1-12', 129_600],
  ['1-12:30', 131_400],
  ['2-00:00:10', 172_810],
  ['UNLIMITED', null],
  [0, null],
  ['8h', undefined],
  ['1:2:3:4', undefined],
])('a time limit of %j is %j seconds', (time, seconds) => {
  expect(slurmSeconds(time)).toBe(seconds);
});

describe('what Slurm says of jobs', () => {
  const scontrol = [
    'JobId=2 ArrayJobId=1 ArrayTaskId=1 JobName=mine UserId=root(0) JobState=RUNNING Reason=None TimeLimit=1',
    'JobId=1 ArrayJobId=1 ArrayTaskId=2-5,8%2 ArrayTaskThrottle=2 JobName=mine JobState=PENDING Reason=JobArrayTaskLimit X=y',
    'JobId=9 JobName=other JobState=RUNNING Reason=None',
    'JobId=10 JobName=mine JobState=COMPLETED Reason=None',
    '',
  ].join('\n');

  it('an array counts task by task, from scontrol as from squeue', () => {
    expect(fleetOf(parseScontrol(scontrol, 'mine'))).toEqual({ waiting: 5, running: 1 });
    const squeue = `RUNNING|None\n${'PENDING|JobArrayTaskLimit\n'.repeat(5)}CANCELLED|None\n`;
    expect(fleetOf(parseSqueue(squeue))).toEqual({ waiting: 5, running: 1 });
    expect(fleetOf(parseScontrol(scontrol.replace('2-5,8%2', '2-10:2'), 'mine')).waiting).toBe(5);
  });

  it.each([
    ['Resources', false],
    ['QOSMaxGRESPerUser', false],
    ['AssocGrpCpuLimit', false],
    ['AssocMaxWallDurationPerJobLimit', true],
    ['PartitionTimeLimit', true],
    ['ReqNodeNotAvail, UnavailableNodes:n1', true],
    ['JobHeldAdmin', true],
  ])('waiting for the reason %s is trouble: %j', (reason, isTrouble) => {
    const { trouble } = fleetOf(parseSqueue(`PENDING|${reason}`));
    expect(trouble).toBe(isTrouble ? `Slurm lets jobs wait for the reason ${reason}` : undefined);
  });
});

it('where there is no sbatch it says so', async () => {
  const environment = { PATH: '/nowhere' };
  const context = new StubAgents().context({ environment });
  await expect(slurmLauncher.open({ max: 1 }, context)).rejects.toThrow(
    'slots[0] (stub): there is no program sbatch here',
  );
  expect(await slurmLauncher.check({ max: 1 }, environment)).toContain('there is no program scancel here');
});

const nameOf = async (stub: StubAgents): Promise<string> =>
  JSON.parse(readFileSync(join(stub.folder, 'entry', 'fleet.json'), 'utf8')).name;

const missing = slurmMissing();
/** Slurm looks for lost nodes and restarted daemons when it comes to it: half a minute on a quiet machine. */
const patience = { timeout: 240_000, interval: 100 };
vi.setConfig({ testTimeout: 600_000 });

describe.skipIf(missing !== undefined)(`on a cluster${missing === undefined ? '' : ` (${missing})`}`, () => {
  let cluster: SlurmCluster;
  beforeAll(async () => {
    cluster = await SlurmCluster.start(2, 1);
  });
  afterAll(() => cluster?.stop());

  async function open(entry: Parameters<typeof slurmLauncher.open>[0], stub = new StubAgents()) {
    const fleet = await slurmLauncher.open(entry, stub.context({ environment: cluster.environment }));
    const reaches = (state: Partial<FleetState>) =>
      vi.waitFor(async () => expect(await fleet.look()).toMatchObject(state), patience);
    return { stub, fleet, reaches };
  }

  it('starts agents as tasks of an array, and ends them with time to leave', async () => {
    const { stub, fleet, reaches } = await open({
      max: 4,
      gres: 'gpu:1',
      cpus: 1,
      memory: '64M',
      time: '01:00:00',
    });
    await fleet.start(2);
    await reaches({ waiting: 0, running: 2 });
    await vi.waitFor(() => expect(stub.begun).toHaveLength(2), patience);
    expect(stub.begun[0]).toMatch(/^slurm-feas-\d+_1$/);
    expect(stub.asked[0]!.arguments).toEqual(['--hours', '0.9167']);
    await fleet.stop('all');
    await reaches({ waiting: 0, running: 0 });
    // Slurm counts a job out when it has sent the signal; the agent is still at leaving then.
    await vi.waitFor(() => expect(stub.ended.sort()).toEqual(stub.begun.sort()), patience);
  });

  it('as many at a time as the throttle says; what waits is taken back, and what runs goes on', async () => {
    const { stub, fleet, reaches } = await open({ max: 5, throttle: 1, memory: 64 });
    await fleet.start(4);
    await reaches({ waiting: 3, running: 1 });
    await vi.waitFor(() => expect(stub.begun).toHaveLength(1), patience);
    await fleet.stop('waiting');
    await reaches({ waiting: 0, running: 1 });
    expect(stub.ended).toEqual([]);
    // Another runner finds it.
    const later = await open({ max: 5 }, stub);
    expect(await later.fleet.look()).toEqual({ waiting: 0, running: 1 });
    await later.fleet.stop('all');
    await reaches({ running: 0 });
    await vi.waitFor(() => expect(stub.ended).toEqual(stub.begun), patience);
  });

  it('what Slurm would never run is refused before anything runs, in its words', async () => {
    await expect(open({ max: 1, partition: 'nowhere' })).rejects.toThrow(
      /^slots\[0\] \(stub\): Slurm takes no such job: .*invalid partition/i,
    );
    await expect(open({ max: 1, gres: 'gpu:7' })).rejects.toThrow(/node configuration is not available/);
  });

  it('jobs that are held are told of', async () => {
    const { fleet, reaches } = await open({ max: 1, arguments: ['--hold'] });
    await fleet.start(1);
    await reaches({ waiting: 1, trouble: 'Slurm lets jobs wait for the reason JobHeldUser' });
    await fleet.stop('waiting');
    await reaches({ waiting: 0 });
  });

  it('without squeue it asks scontrol', async () => {
    const stub = new StubAgents();
    const programs = join(stub.folder, 'bin');
    await cluster.run('mkdir', programs);
    writeFileSync(
      join(programs, 'squeue'),
      '#!/bin/sh\necho "Slurm accounting storage is disabled" >&2; exit 1\n',
      {
        mode: 0o755,
      },
    );
    const environment = { ...cluster.environment, PATH: `${programs}:${process.env.PATH}` };
    const fleet = await slurmLauncher.open({ max: 3, throttle: 1 }, stub.context({ environment }));
    await fleet.start(3);
    await vi.waitFor(async () => expect(await fleet.look()).toEqual({ waiting: 2, running: 1 }), patience);
    await fleet.stop('all');
    await vi.waitFor(async () => expect(await fleet.look()).toEqual({ waiting: 0, running: 0 }), patience);
  });

  it('a slurmctld that is away is trouble and no error, and all is found again', async () => {
    const { stub, fleet, reaches } = await open({ max: 3 });
    await fleet.start(1);
    await reaches({ running: 1 });
    await vi.waitFor(() => expect(stub.begun).toHaveLength(1), patience);
    await cluster.saved(Date.now());
    await cluster.kill('slurmctld');
    await Promise.all([
      fleet.start(1),
      fleet.look().then(state =>
        expect(state).toEqual({
          waiting: 0,
          running: 1,
          trouble: expect.stringMatching(/^Slurm doesn't answer: .+/),
        }),
      ),
      fleet.stop('all'),
    ]);
    expect(stub.said).toEqual([
      expect.stringMatching(/^slots\[0\] \(stub\): its jobs couldn't be taken back: /),
    ]);
    await cluster.revive('slurmctld');
    await reaches({ running: 1 });
    expect(await fleet.look()).not.toHaveProperty('trouble');
    expect(stub.ended).toEqual([]);
    await fleet.stop('all');
    await reaches({ waiting: 0, running: 0 });
  });

  it('a task whose node is lost comes again under another name, its former self still alive', async () => {
    const { stub, fleet, reaches } = await open({ max: 1 });
    await fleet.start(1);
    await vi.waitFor(() => expect(stub.begun).toHaveLength(1), patience);
    const node = await cluster.run('squeue', '--noheader', '--name', await nameOf(stub), '--format', '%N');
    await cluster.kill(`slurmd.${node}`);
    await vi.waitFor(() => expect(stub.begun).toHaveLength(2), patience);
    const [zombie, again] = stub.begun;
    expect(again).toBe(`${zombie}.1`);
    expect(() => process.kill(stub.pids[0]!, 0)).not.toThrow();
    expect(await fleet.look()).toMatchObject({ running: 1 });
    await cluster.revive(`slurmd.${node}`);
    await fleet.stop('all');
    await reaches({ waiting: 0, running: 0 });
    // Slurm forgets it: it is the test's to end.
    for (const pid of stub.pids)
      try {
        process.kill(pid, 'SIGKILL');
      } catch {}
  });

  it('before its time is up an agent is told, and what it wrote last is kept', async () => {
    const stub = new StubAgents();
    stub.act = 'echo no such server; while :; do sleep 0.1; done';
    // Slurm may send the signal up to a minute before: with a limit of a minute at once.
    const { fleet, reaches } = await open({ max: 1, time: 1 }, stub);
    await fleet.start(1);
    await vi.waitFor(() => expect(stub.ended).toHaveLength(1), patience);
    await reaches({ waiting: 0, running: 0 });
    expect(await fleet.lastWords()).toMatch(/no such server/);
  });
});
