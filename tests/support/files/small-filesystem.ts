import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder } from './temporary-folder.ts';

const run = promisify(execFile);

/** A filesystem that a test may fill, make read-only or unmount. */
export interface SmallFilesystem {
  /** The mount point. It shows an empty folder while detached. */
  readonly folder: string;
  /** Remounts with one option, such as `ro`. */
  readonly remount: (option: string) => Promise<void>;
  /** Detaches the filesystem from `folder`. Open files stay open, and its content is kept. */
  readonly detach: () => Promise<void>;
  readonly attach: () => Promise<void>;
  /** Removes the filesystem with its content, attached or not. */
  readonly unmount: () => Promise<void>;
}

/** Whether this process may mount filesystems: root on Linux. */
export const canMount = process.platform === 'linux' && process.getuid?.() === 0;

/**
 * Returns the title of a test that needs a mount. No test is skipped: without mounts it fails in
 * CI, and elsewhere its title says that the promise was not seen.
 */
export function titleWithMount(promise: string): string {
  return canMount ? promise : `${promise} (NOT SEEN: only root on Linux can mount what this needs)`;
}

/** Runs a test if this process may mount: see `titleWithMount`. */
export function onMounts(test: () => Promise<void>): () => Promise<void> {
  return async () => {
    if (canMount) await test();
    else expect(process.env.CI).not.toBe('true');
  };
}

/** Runs a test on a small filesystem if this process may mount. */
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
 * Mounts a tmpfs twice, so that it survives while it is detached from `folder`. The caller unmounts
 * it.
 */
export async function mountSmall(megabytes: number): Promise<SmallFilesystem> {
  const below = await temporaryFolder();
  const [backing, folder] = [join(below, 'kept'), join(below, 'mounted')];
  for (const location of [backing, folder]) await mkdir(location);
  await mount('-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', backing);
  const attach = async (): Promise<void> => mount('--bind', backing, folder);
  const detach = async (): Promise<void> => {
    await run('umount', ['-l', folder]);
  };
  await attach();
  return {
    folder,
    remount: async (option) => mount('-o', `remount,${option}`, backing),
    detach,
    attach,
    unmount: async () => {
      await detach().catch(() => undefined);
      await run('umount', ['-l', backing]);
    },
  };
}

/** Bind-mounts the file `source` over another file, until `uncoverFile`. */
export async function coverFile(path: string, source: string): Promise<void> {
  await mount('--bind', source, path);
}

/** Removes the bind mount. Open descriptors keep the file that they opened. */
export async function uncoverFile(path: string): Promise<void> {
  await run('umount', ['-l', path]);
}

async function mount(...args: readonly string[]): Promise<void> {
  await run('mount', args);
}
