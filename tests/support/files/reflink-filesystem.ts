import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The least that both filesystems can be made on. Bytes. */
const ROOM = 512 * 1024 ** 2;
const MAKERS = [
  ['mkfs.xfs', '-q', '-m', 'reflink=1'],
  ['mkfs.btrfs', '-q'],
] as const;

/** A folder on a filesystem of its own, where files can share blocks. */
export interface ReflinkFilesystem {
  readonly folder: string;
  unmount(): void;
}

/**
 * One that was made and mounted, or why this machine can't have one: that takes root, a loop device
 * and one of the programs that make them.
 */
export type Reflinks =
  { readonly filesystem: ReflinkFilesystem; readonly why: null } | { readonly filesystem: null; readonly why: string };

/**
 * Makes and mounts one with so many bytes, where that can be done; they are taken from the disk as
 * they are used.
 */
export function mountReflinks(room: number = ROOM): Reflinks {
  const below = mkdtempSync(join(tmpdir(), 'platter-reflinks-'));
  const [image, folder] = [join(below, 'image'), join(below, 'mounted')];
  mkdirSync(folder);
  const reasons: string[] = [];
  for (const [maker, ...options] of MAKERS) {
    try {
      writeFileSync(image, '');
      truncateSync(image, room);
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
 * What a test of reflinks says it does. Nothing is skipped: where there are none, it says by its
 * name that it has seen nothing, and why.
 */
export function whereReflinks(promise: string, { why }: Reflinks): string {
  return why === null ? promise : `${promise} (NOT SEEN: ${why})`;
}

function unmount(folder: string, below: string): void {
  // Whoever still has something open there, after a failure, keeps it until they end.
  execFileSync('umount', ['-l', folder]);
  rmSync(below, { recursive: true });
}
