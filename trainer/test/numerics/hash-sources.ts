import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { globSync } from 'tinyglobby';
import ts from 'typescript';

const rooms = [
  ...['augmentation', 'checkpoints', 'data', 'engine', 'models', 'optimizers', 'random', 'run'],
  ...['schedules', 'simd', 'training'],
].map(room => `${room}/**/*.ts`);
/** What looks at numbers, waits or speaks, and decides none. */
const others = [
  ...['data/report/**', 'data/guess/**', '**/*.d.ts'],
  ...['gpus', 'time-kernels', 'run-command'].map(name => `engine/${name}.ts`),
  ...['dry-run', 'failure', 'run-environment', 'run-lock', 'serve', 'throttle', 'when-possible'].map(
    name => `run/${name}.ts`,
  ),
  ...['diagnose-nan', 'non-finite'].map(name => `training/${name}.ts`),
];
/** Packages that decode and compute. */
const packages = /^@tensorflow\/|^@napi-rs\/image$/;

/** A hash of all that decides the numbers of a run in the trainer of this repository. */
export function hashSources(root: string): string {
  const trainer = join(root, 'trainer');
  const files = globSync(rooms, { cwd: trainer, ignore: others });
  const sources = files.map(file => normalized(readFileSync(join(trainer, file), 'utf8')));
  const { dependencies, optionalDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const versions = Object.entries({ ...dependencies, ...optionalDependencies })
    .filter(([name]) => packages.test(name))
    .map(([name, version]) => `${name} ${version}`);
  // Sorted by content: where a file lies, and what it is called, decides nothing.
  const parts = [...sources, ...versions].sort();
  return createHash('sha256').update(parts.join('\0')).digest('hex').slice(0, 16);
}

/** A module without types, comments, layout, and the folders and order of its imports. */
export function normalized(source: string): string {
  const { outputText } = ts.transpileModule(source, {
    compilerOptions: {
      removeComments: true,
      target: ts.ScriptTarget.ESNext,
      module: ts.ModuleKind.ESNext,
      verbatimModuleSyntax: true,
    },
  });
  const imports: string[] = [];
  const rest = outputText.replace(/^(?:im|ex)port [^;]*? from '[^']*';$/gm, statement => {
    imports.push(statement.replace(/'[^']*\//, "'"));
    return '';
  });
  return `${imports.sort().join('')}${rest}`.replace(/\s+/g, '').replace(/,(?=[)\]}])/g, '');
}
