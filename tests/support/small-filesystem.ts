import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { temporaryFolder } from './temporary-folder.ts';

const run = promisify(execFile);

/** A filesystem that a test may fill up or make read-only. */
export interface SmallFilesystem {
  readonly folder: string;
  readonly remount: (mode: 'ro' | 'rw') => Promise<void>;
}

/** Whether this process may mount filesystems, which is up to Linux and to being root. */
export const canMount = process.platform === 'linux' && process.getuid?.() === 0;

/**
 * What a test that needs a mount says it does. Nothing is skipped: where nothing can be mounted the test fails in a CI, and elsewhere says by its
 * name that it has seen nothing.
 */
export function whereMountable(promise: string): string {
  return canMount ? promise : `${promise} (NOT SEEN: only root on Linux can mount what this needs)`;
}

/** Runs a test on a small filesystem, if there can be one: see `whereMountable`. */
export function onSmallFilesystem(
  megabytes: number,
  test: (filesystem: SmallFilesystem) => Promise<void>,
): () => Promise<void> {
  return async () => {
    if (!canMount) {
      expect(process.env.CI).not.toBe('true');
      return;
    }
    const filesystem = await mountSmall(megabytes);
    try {
      await test(filesystem);
    } finally {
      await run('umount', [filesystem.folder]);
    }
  };
}

async function mountSmall(megabytes: number): Promise<SmallFilesystem> {
  const folder = await temporaryFolder();
  await run('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder]);
  return {
    folder,
    remount: async (mode) => {
      await run('mount', ['-o', `remount,${mode}`, folder]);
    },
  };
}
