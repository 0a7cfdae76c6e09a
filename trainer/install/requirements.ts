import { answers } from '../engine/run-command.js';

const requirements = [
  { what: 'python3', command: 'python3', args: ['--version'], hint: 'apt-get install python3' },
  { what: 'a C++ compiler', command: 'c++', args: ['--version'], hint: 'apt-get install g++' },
  { what: 'make', command: 'make', args: ['--version'], hint: 'apt-get install make' },
  { what: 'npm', command: 'npm', args: ['--version'], hint: 'it comes with Node.js' },
];

/** Throws an error that lists all that is missing for building the add-on and where to get it. */
export async function checkRequirements(): Promise<void> {
  if (process.platform !== 'linux')
    throw new Error(
      `the native engine is built on Linux only, this is ${process.platform}: use the wasm engine`,
    );
  const found = await Promise.all(requirements.map(({ command, args }) => answers(command, args)));
  const missing = requirements.filter((_, index) => !found[index]);
  if (missing.length > 0)
    throw new Error(
      `building the native engine needs ${missing.map(({ what, hint }) => `${what} (${hint})`).join(', ')}`,
    );
}
