// Imports only point down (README, "Map of the folders"). A room may import itself, what is named here, and packages.
const runnerRooms = {
  domain: [],
  text: ['domain'],
  pictures: [],
  grid: ['domain'],
  'trainer-client': ['domain'],
  // How this program's servers are reached.
  http: ['domain'],
  // What a coordinator and its agents say to each other, and both ends of it.
  agents: ['domain', 'http', 'trainer-client'],
  // A slots file is YAML, and its backends start trainers, or agents that do.
  slots: ['domain', 'trainer-client', 'agents', 'grid/yaml'],
  // Cells of an older store get the ids of today.
  store: ['domain', 'grid/identity'],
  // Which cells go on, as a pure function of their rows: for whoever plans, runs or shows it.
  stopping: ['domain', 'statistics', 'store'],
  readings: ['domain', 'store'],
  // Pure functions of numbers.
  statistics: [],
  // Claims, from what readings say: no view, so that each view may say them.
  conclusions: ['domain', 'readings', 'statistics', 'store', 'text'],
  // The next grid is planned by what the results suggest.
  planning: [
    'domain',
    'grid',
    'slots',
    'stopping',
    'store',
    'trainer-client',
    'conclusions',
    'statistics',
    'text',
  ],
  scheduler: ['domain', 'grid', 'slots', 'stopping', 'store', 'trainer-client'],
  leaderboard: ['domain', 'readings', 'statistics', 'store', 'text'],
  terminal: ['conclusions', 'domain', 'readings', 'statistics', 'stopping', 'text'],
  // Its rows are the leaderboard's: page and terminal show the same digits.
  notify: ['domain', 'leaderboard', 'pictures', 'readings', 'slots', 'store', 'text'],
  web: ['domain', 'http', 'leaderboard', 'readings', 'statistics', 'store', 'text'],
  // What it says is claimed by others: it shows the leaderboard's rows and the claims.
  report: ['conclusions', 'domain', 'leaderboard', 'readings', 'statistics', 'store', 'text'],
  export: ['domain', 'pictures', 'readings', 'store', 'text'],
};
const parts = ['data', 'augmentation', 'models', 'optimizers', 'schedules', 'checkpoints'];
const ground = ['random', 'simd', 'files', 'contract'];
const trainerRooms = {
  contract: [],
  files: [],
  random: [],
  simd: [],
  engine: ['simd', 'contract'],
  install: ['engine', 'files', 'contract'],
  // Its workers decode, resize and augment in one go.
  data: ['augmentation', 'random', 'files', 'contract'],
  augmentation: ['random', 'simd', 'contract'],
  models: ['engine', 'random', 'contract'],
  optimizers: ['engine', 'contract'],
  schedules: ['contract'],
  checkpoints: ['engine', 'files', 'contract'],
  training: [...parts, 'engine', ...ground],
  run: ['training', ...parts, 'engine', ...ground],
  diagnosis: ['run', 'training', ...parts, 'engine', ...ground],
  inference: ['training', ...parts, 'engine', ...ground],
};

const within = (program, rooms, others = []) =>
  Object.entries(rooms).map(([room, below]) => ({
    name: `${program}-${room}`,
    severity: 'error',
    from: { path: `^${program}/${room}/` },
    to: {
      path: '^(runner|trainer)/',
      pathNot: [`^${program}/(${[room, ...below].join('|')})/`, ...others],
    },
  }));

module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    // Of the trainer the runner knows the contract and the files; all else it spawns.
    ...within('runner', runnerRooms, ['^trainer/(contract|files)/']),
    ...within('trainer', trainerRooms),
    {
      name: 'runner-knows-only-the-contract-and-files',
      severity: 'error',
      from: { path: '^runner/', pathNot: '^runner/(test|bench)/' },
      to: { path: '^trainer/', pathNot: '^trainer/(contract|files)/' },
    },
    {
      name: 'trainer-never-imports-the-runner',
      severity: 'error',
      from: { path: '^trainer/', pathNot: '^trainer/(test|bench)/' },
      to: { path: '^runner/' },
    },
    {
      name: 'contract-imports-nothing',
      severity: 'error',
      from: { path: '^trainer/contract/' },
      to: { pathNot: '^trainer/contract/' },
    },
    {
      name: 'only-the-engine-imports-tensorflow',
      severity: 'error',
      from: { path: '^(runner|trainer)/', pathNot: '^trainer/(engine|test|bench)/' },
      to: { path: '@tensorflow/' },
    },
    {
      name: 'cli-is-on-top',
      severity: 'error',
      from: { path: '^runner/', pathNot: '^runner/(cli|main|test|bench)' },
      to: { path: '^runner/cli/' },
    },
    {
      name: 'no-undeclared',
      severity: 'error',
      from: {},
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
  },
};
