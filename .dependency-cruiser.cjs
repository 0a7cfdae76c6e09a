// Imports only point down (README, "Map of the folders").
const runnerViews = 'runner/(terminal|export|report)';
module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
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
      name: 'files-are-the-ground-floor',
      severity: 'error',
      from: { path: '^trainer/files/' },
      to: { path: '^(trainer|runner)/', pathNot: '^trainer/files/' },
    },
    {
      name: 'only-backend-imports-tensorflow',
      severity: 'error',
      from: { path: '^(runner|trainer)/', pathNot: '^trainer/(backend|test|bench)/' },
      to: { path: '@tensorflow/' },
    },
    {
      name: 'domain-imports-only-the-contract',
      severity: 'error',
      from: { path: '^runner/domain/' },
      to: { pathNot: '^(runner/domain|trainer/contract)/', dependencyTypesNot: ['core'] },
    },
    {
      name: 'middle-siblings',
      severity: 'error',
      from: { path: '^runner/(store|slots|grid)/' },
      to: { path: '^runner/', pathNot: ['^runner/$1/', '^runner/domain/'] },
    },
    {
      name: 'upper-siblings',
      severity: 'error',
      from: { path: '^runner/(scheduler|leaderboard|terminal|export|report)/' },
      to: { path: '^runner/', pathNot: ['^runner/$1/', '^runner/(domain|store|slots|grid|leaderboard)/'] },
    },
    {
      name: 'views-alone-use-the-leaderboard',
      severity: 'error',
      from: {
        path: '^runner/',
        pathNot: `^(runner/leaderboard|runner/commands|${runnerViews}|runner/test|runner/bench)/`,
      },
      to: { path: '^runner/leaderboard/' },
    },
    {
      name: 'commands-are-on-top',
      severity: 'error',
      from: { path: '^runner/', pathNot: '^runner/(commands|main|test|bench)' },
      to: { path: '^runner/commands/' },
    },
    {
      name: 'trainer-parts',
      severity: 'error',
      from: { path: '^trainer/(data|augmentation|models|optimizers|schedulers|checkpoints)/' },
      to: {
        path: '^trainer/',
        pathNot: ['^trainer/$1/', '^trainer/(backend|contract|files)/', '^trainer/augmentation/'],
      },
    },
    {
      name: 'training-knows-no-inference',
      severity: 'error',
      from: {
        path: '^trainer/(training|data|augmentation|models|optimizers|schedulers|checkpoints|backend)/',
      },
      to: { path: '^trainer/(inference|modes)/' },
    },
    {
      name: 'backend-stands-on-the-contract',
      severity: 'error',
      from: { path: '^trainer/backend/' },
      to: { path: '^trainer/', pathNot: '^trainer/(backend|contract|files)/' },
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
