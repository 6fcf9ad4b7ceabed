import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The smallest size that both filesystems accept. */
const MIN_SIZE_BYTES = 512 * 1024 ** 2;
const MAKERS = [
  ['mkfs.xfs', '-q', '-m', 'reflink=1'],
  ['mkfs.btrfs', '-q'],
] as const;

/** A mounted filesystem on which files can share blocks. */
export interface ReflinkFilesystem {
  readonly folder: string;
  unmount(): void;
}

/**
 * A mounted filesystem, or the reason why this machine cannot have one: it takes root, a loop
 * device and mkfs.xfs or mkfs.btrfs.
 */
export type Reflinks =
  { readonly filesystem: ReflinkFilesystem; readonly why: null } | { readonly filesystem: null; readonly why: string };

/** Creates and mounts a sparse filesystem of `size` bytes if possible. */
export function mountReflinks(size: number = MIN_SIZE_BYTES): Reflinks {
  const below = mkdtempSync(join(tmpdir(), 'platter-reflinks-'));
  const [image, folder] = [join(below, 'image'), join(below, 'mounted')];
  mkdirSync(folder);
  const reasons: string[] = [];
  for (const [maker, ...options] of MAKERS) {
    try {
      writeFileSync(image, '');
      truncateSync(image, size);
      execFileSync(maker, [...options, image], { stdio: 'pipe' });
      execFileSync('mount', ['-o', 'loop', image, folder], { stdio: 'pipe' });
      return { filesystem: { folder, unmount: () => unmount(folder, below) }, why: null };
    } catch (error) {
      reasons.push((error as Error).message.trim().split('\n').join(', '));
      rmSync(image, { force: true });
    }
  }
  rmSync(below, { recursive: true });
  return { filesystem: null, why: reasons.join('; ') };
}

/**
 * Returns the title of a test that needs reflinks. No test is skipped: without them the title says
 * that the promise was not seen, and why.
 */
export function titleWithReflinks(promise: string, { why }: Reflinks): string {
  return why === null ? promise : `${promise} (NOT SEEN: ${why})`;
}

function unmount(folder: string, below: string): void {
  // After a failure a process may have files open: it keeps them until it ends.
  execFileSync('umount', ['-l', folder]);
  rmSync(below, { recursive: true });
}
