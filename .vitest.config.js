// The tests run as compiled: what is tested (processes, worker threads) is what ships.
export default {
  test: {
    include: ['dist/{runner,trainer}/test/**/*.test.js'],
    // Many start programs, and machines are busy: it is for what hangs.
    testTimeout: 240_000,
    hookTimeout: 240_000,
    pool: 'forks',
    maxWorkers: 2,
  },
};
