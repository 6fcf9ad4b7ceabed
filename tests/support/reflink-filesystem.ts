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

/** Makes and mounts one, or answers null where this machine can't: that takes root, a loop device and one of the programs that make them. */
export function mountReflinks(): ReflinkFilesystem | null {
  const below = mkdtempSync(join(tmpdir(), 'platter-reflinks-'));
  const [image, folder] = [join(below, 'image'), join(below, 'mounted')];
  mkdirSync(folder);
  for (const [maker, ...options] of MAKERS) {
    try {
      writeFileSync(image, '');
      truncateSync(image, ROOM);
      execFileSync(maker, [...options, image], { stdio: 'ignore' });
      execFileSync('mount', ['-o', 'loop', image, folder], { stdio: 'ignore' });
      return { folder, unmount: () => unmount(folder, below) };
    } catch {
      rmSync(image, { force: true });
    }
  }
  rmSync(below, { recursive: true });
  return null;
}

function unmount(folder: string, below: string): void {
  execFileSync('umount', [folder]);
  rmSync(below, { recursive: true });
}
