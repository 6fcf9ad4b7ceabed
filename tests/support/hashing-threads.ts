import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { HashingThreads } from '../../src/adapters/blobs/shared/hashing-threads.ts';

const BUILT = join(import.meta.dirname, '..', '..', 'dist');

/**
 * The threads of all stores of this process. They run what was built, as a thread takes no
 * TypeScript.
 */
export const hashingThreads = new HashingThreads(
  pathToFileURL(join(BUILT, 'adapters', 'blobs', 'shared', 'hashing-thread.js')),
);
