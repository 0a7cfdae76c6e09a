import { BaseSequencer } from 'vitest/node';

// What waits for faults, other machines and whole programs takes longest: begun last, a file of them would keep one worker alone.
const slow = /\/(agents|slots\/launchers)\/|faults|conformance/;

class SlowFirst extends BaseSequencer {
  async sort(files) {
    const sorted = await super.sort(files);
    const isSlow = ({ moduleId }) => slow.test(moduleId);
    return [...sorted.filter(isSlow), ...sorted.filter(file => !isSlow(file))];
  }
}

// The tests run as compiled: what is tested (processes, worker threads) is what ships.
export default {
  test: {
    include: ['dist/{runner,trainer}/test/**/*.test.js'],
    // Many start programs, and machines are busy: it is for what hangs.
    testTimeout: 240_000,
    hookTimeout: 240_000,
    pool: 'forks',
    maxWorkers: 2,
    sequence: { sequencer: SlowFirst },
  },
};
