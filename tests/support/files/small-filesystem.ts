import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder } from './temporary-folder.ts';

const run = promisify(execFile);

/** A filesystem that a test may fill up, make read-only or take away. */
export interface SmallFilesystem {
  /** Where it is mounted, and where an empty folder shows while it is not. */
  readonly folder: string;
  /** A mode, or any other option of its own. */
  readonly remount: (option: string) => Promise<void>;
  /** Takes it away, whoever has files open on it: they keep those. What it holds stays. */
  readonly detach: () => Promise<void>;
  readonly attach: () => Promise<void>;
  /** The end of it and of all that it holds, attached or not. */
  readonly unmount: () => Promise<void>;
}

/** Whether this process may mount filesystems, which is up to Linux and to being root. */
export const canMount = process.platform === 'linux' && process.getuid?.() === 0;

/**
 * What a test that needs a mount says it does. Nothing is skipped: where nothing can be mounted the
 * test fails in a CI, and elsewhere says by its name that it has seen nothing.
 */
export function whereMountable(promise: string): string {
  return canMount ? promise : `${promise} (NOT SEEN: only root on Linux can mount what this needs)`;
}

/** Runs a test, if what it needs can be mounted: see `whereMountable`. */
export function onMounts(test: () => Promise<void>): () => Promise<void> {
  return async () => {
    if (canMount) await test();
    else expect(process.env.CI).not.toBe('true');
  };
}

/** Runs a test on a small filesystem, if there can be one. */
export function onSmallFilesystem(
  megabytes: number,
  test: (filesystem: SmallFilesystem) => Promise<void>,
): () => Promise<void> {
  return onMounts(async () => {
    const filesystem = await mountSmall(megabytes);
    try {
      await test(filesystem);
    } finally {
      await filesystem.unmount();
    }
  });
}

/**
 * Mounts one in two places, so that it lives on while it is away from the one that matters. Whoever
 * mounts it unmounts it.
 */
export async function mountSmall(megabytes: number): Promise<SmallFilesystem> {
  const below = await temporaryFolder();
  const [kept, folder] = [join(below, 'kept'), join(below, 'mounted')];
  for (const location of [kept, folder]) await mkdir(location);
  await mount('-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', kept);
  const attach = async (): Promise<void> => mount('--bind', kept, folder);
  const detach = async (): Promise<void> => {
    await run('umount', ['-l', folder]);
  };
  await attach();
  return {
    folder,
    remount: async (option) => mount('-o', `remount,${option}`, kept),
    detach,
    attach,
    unmount: async () => {
      await detach().catch(() => undefined);
      await run('umount', ['-l', kept]);
    },
  };
}

/** Shows the file `source` under the path of another file, until `uncoverFile`. */
export async function coverFile(path: string, source: string): Promise<void> {
  await mount('--bind', source, path);
}

/** Shows the file itself again. Open descriptors keep what they have. */
export async function uncoverFile(path: string): Promise<void> {
  await run('umount', ['-l', path]);
}

async function mount(...args: readonly string[]): Promise<void> {
  await run('mount', args);
}
