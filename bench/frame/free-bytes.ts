import { statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { CannotRun } from './row.ts';

const GIB = 2 ** 30;

/**
 * Checks that the filesystem of TMPDIR has this many free bytes.
 *
 * @throws CannotRun if it has fewer
 */
export async function requireFreeBytes(bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(tmpdir());
  const free = bavail * bsize;
  if (free < bytes) {
    throw new CannotRun(
      `it needs ${(bytes / GIB).toFixed(1)} GiB in ${tmpdir()}, which has ${(free / GIB).toFixed(1)} GiB left`,
    );
  }
}
