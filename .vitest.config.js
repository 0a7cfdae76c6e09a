// The tests run as compiled: what is tested (processes, worker threads) is what ships.
export default {
  test: {
    include: ['dist/{runner,trainer}/test/**/*.test.js'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    pool: 'forks',
    maxWorkers: 2,
  },
};
