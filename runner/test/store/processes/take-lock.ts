/** Takes a grid's lock when told to and prints what came of it; holds it until it is killed. */
import { once } from 'node:events';
import { acquireGridLock, GridLockedError } from '../../../store/grid-lock.js';

const [folder, grid] = process.argv.slice(2) as [string, string];
process.stdout.write('ready\n');
await once(process.stdin, 'data');
try {
  await acquireGridLock(folder, grid);
  process.stdout.write('held\n');
} catch (error) {
  if (!(error instanceof GridLockedError)) throw error;
  process.stdout.write(`refused ${error.holder?.pid}\n`);
}
