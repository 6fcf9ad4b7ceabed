import { statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { CannotRun } from './row.ts';

const GIB = 2 ** 30;

/** Fails with `CannotRun` unless the filesystem of TMPDIR has so many bytes left. */
export async function requireRoom(bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(tmpdir());
  const there = bavail * bsize;
  if (there < bytes) {
    throw new CannotRun(
      `it needs ${(bytes / GIB).toFixed(1)} GiB in ${tmpdir()}, where ${(there / GIB).toFixed(1)} GiB are left`,
    );
  }
}
