import { acquireDataDirectory } from '../../../src/adapters/data-directory/lock.ts';

// Locks the directory in its argument until it is killed.
await acquireDataDirectory(process.argv[2]!);
process.stdout.write('held\n');
setInterval(() => undefined, 60_000);
