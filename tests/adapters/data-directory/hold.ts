import { acquireDataDirectory } from '../../../src/adapters/data-directory/lock.ts';

// Holds the directory that is its argument until it is killed.
await acquireDataDirectory(process.argv[2]!);
process.stdout.write('held\n');
setInterval(() => undefined, 60_000);
