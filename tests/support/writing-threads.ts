import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { WritingThreads } from '../../src/adapters/blobs/local-disk/writing-threads.ts';

const BUILT = join(import.meta.dirname, '..', '..', 'dist');

/** The threads of all stores of this process. They run what was built, as a thread takes no TypeScript. */
export const writingThreads = new WritingThreads(
  pathToFileURL(join(BUILT, 'adapters', 'blobs', 'local-disk', 'writing-thread.js')),
);
